import { personasOf } from './cells.ts'
import { cellsAt } from './edit.ts'
import type { Outcome } from './effect.ts'
import { changed, type Model, type Overlay, placeOf } from './model.ts'
import { visibleRows } from './rows.ts'

/** Makes the exceptions of the cell under the cursor a persona of the file, and uses it wherever a cell is equal. */
export function namePersona(
  model: Model,
  overlay: Extract<Overlay, { kind: 'input' }>,
  name: string,
): Outcome {
  const wrong = (error: string): Outcome => ({ model: { ...model, overlay: { ...overlay, error } } })
  if (!/^[a-z0-9-]{1,40}$/.test(name)) return wrong('Names have 1 to 40 small letters, digits and hyphens.')
  if (personasOf(model.edit).has(name)) return wrong(`There is a persona "${name}" already.`)
  const { row, column } = placeOf(model, 'access')
  const member = visibleRows(model)[row]?.member
  const server = model.edit.servers[Math.max(0, column - 1)]
  const cell = member && server && cellsAt(model.edit, member.arn, server.key)[0]
  if (!cell) return wrong('There is no access in this cell to name.')
  const same = JSON.stringify([cell.personas, cell.add, cell.remove])
  const cells = Object.fromEntries(
    Object.entries(model.edit.cells).map(([arn, row]) => [
      arn,
      Object.fromEntries(
        Object.entries(row).map(([key, list]) => [
          key,
          list.map((each) =>
            JSON.stringify([each.personas, each.add, each.remove]) === same
              ? { ...each, personas: [name], add: [], remove: [] }
              : each,
          ),
        ]),
      ),
    ]),
  )
  const persona = { name, extends: cell.personas, add: cell.add, remove: cell.remove }
  const edit = { ...model.edit, personas: [...model.edit.personas, persona], cells }
  const said = {
    text: `"${name}" is a persona now; a digit from 7 on gives it. u undoes.`,
    tone: 'plain' as const,
  }
  return { model: { ...changed(model, edit, `name persona ${name}`), overlay: undefined, said } }
}
