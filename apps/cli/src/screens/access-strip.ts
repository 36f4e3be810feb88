import type { GrantsServer } from '@mlflow-iam/core/grants/grants-file'
import type { Area, Strip } from '../ui/frame.ts'
import { type Line, line } from '../ui/line.ts'
import { count, wrap } from '../ui/text.ts'
import { policyWords } from '../wizard/access-edits.ts'
import { holds, isHandMade, lossWord } from '../wizard/adopt.ts'
import { type CellFacts, cellFacts, personasOf } from '../wizard/cells.ts'
import { callWords, useAt } from '../wizard/evidence.ts'
import { type Model, placeOf } from '../wizard/model.ts'
import { memberPolicies } from '../wizard/policy-preview.ts'
import { personaTitle, type Row } from '../wizard/rows.ts'
import { blank, text } from './rows.ts'

/** What a typed MLflow call needs, and how much of it the cell under the cursor has. */
export function needsLine(
  model: Model,
  row: Row | undefined,
  needs: { call: string; actions: readonly string[] },
  mark: string,
): Line {
  const { column: at } = placeOf(model, 'access')
  const server = model.edit.servers[Math.max(0, at - 1)]
  if (!row || !server)
    return text(`${mark} ${callWords(needs.call)} needs ${count(needs.actions.length, 'action')}`)
  const { allows } = cellFacts(model, row.member.arn, server)
  const granted = needs.actions.filter(allows).length
  return text(
    `${mark} ${callWords(needs.call)} needs ${count(needs.actions.length, 'action')}: ${granted} granted, ${needs.actions.length - granted} missing`,
    needs.actions.length > granted ? '   + adds them' : '',
  )
}

/** Words about the cell under the cursor; wide windows show the policy itself. */
export function gridStrip(model: Model, area: Area, row: Row | undefined): Strip {
  const lines = area.layout === 'wide' ? 7 : 3
  const pad = (all: readonly Line[]) =>
    [...all, ...Array(Math.max(0, lines - all.length)).fill(blank)].slice(0, lines)
  const place = placeOf(model, 'access')
  const server = model.edit.servers[place.column - 1]
  if (!row) return { title: 'Nobody', lines: pad([]) }
  if (!server) {
    const where = row.info.people.length > 0 ? `: ${row.info.people.slice(0, 12).join(', ')}` : ''
    const words = `${row.through}${where}. A digit here sets ${model.edit.servers.length === 1 ? 'the one server' : `all ${model.edit.servers.length} servers`}.`
    return {
      title: row.title,
      right: count(row.people, 'person', 'people'),
      lines: pad(wrap(words, area.columns - 8).map((each) => line(`   ${each}`))),
    }
  }
  const facts = cellFacts(model, row.member.arn, server)
  const app = server.kind === 'app'
  const full = (on: boolean) => (on ? 'full access' : 'no access')
  const right =
    facts.now && app
      ? `${full(facts.now.size > 0)} ${area.glyphs.arrow} ${full(facts.after.size > 0)}`
      : facts.now
        ? `${facts.now.size} ${area.glyphs.arrow} ${count(facts.after.size, 'action')}`
        : count(facts.after.size, 'action')
  const words = wrap(
    `${evidenceWords(model, facts, row, server)}${cellWords(model, facts, row, server)}`,
    area.columns - 8,
  ).map((each) => line(`   ${each}`))
  if (area.layout !== 'wide') return { title: `${row.title} on ${server.key}`, right, lines: pad(words) }
  const policies = memberPolicies(model, row.member)
  const policy = policies.find((each) => each.text.includes(server.key)) ?? policies[0]
  const json = policy ? policy.statements.slice(0, lines - 3) : []
  const attached = policy
    ? [
        line(
          `   Attached as ${policy.name} ${area.glyphs.dot} ${policy.size.toLocaleString('en-US')} of 6,144 characters`,
        ),
      ]
    : []
  return {
    title: `${row.title} on ${server.key}`,
    right,
    lines: pad([...json.map((each) => line(`   ${each}`)), ...attached, ...words]),
  }
}

/** What imported records and code say of this cell. */
function evidenceWords(model: Model, facts: CellFacts, row: Row, server: GrantsServer): string {
  const { evidence } = model
  if (!evidence) return ''
  const use = useAt(model, row.member.arn, server, facts)
  const missing = [...evidence.needed].filter(([action]) => !facts.allows(action))
  const [first] = missing
  const parts = [
    ...(use?.silent ? ['No MLflow event of this server is recorded.'] : []),
    ...(use && !use.silent ? [`${use.used.length} used, ${use.unused.length} unused.`] : []),
    ...(first ? [`Lacks ${missing.length} that code needs: ${first[0]} (${first[1]}); + adds.`] : []),
  ]
  return parts.length > 0 ? `${parts.join(' ')} ` : ''
}

function cellWords(model: Model, facts: CellFacts, row: Row, server: GrantsServer): string {
  const personas = personasOf(model.edit)
  const parts: string[] = []
  if (server.kind === 'app' && facts.cells.length > 0)
    parts.push(`An App has one action: ${row.title} may do everything on ${server.key}, deleting too.`)
  if (model.today.state === 'loading') parts.push('Today is still being read.')
  for (const cell of facts.cells) {
    const names = cell.personas.map((name) => personaTitle(name, personas)).join(' and ') || 'Hand-picked'
    const add = cell.add.length > 0 ? ` plus ${cell.add.length} of yours: ${cell.add.join(', ')}` : ''
    const remove = cell.remove.length > 0 ? ` without ${cell.remove.join(', ')}` : ''
    const until = cell.until ? `, until ${cell.until}` : ''
    const when = cell.when ? ', under conditions' : ''
    parts.push(`${names}${add}${remove}${until}${when}.`)
  }
  if (facts.cells.length === 0)
    parts.push(
      facts.mark === '-' ? 'No access: what it has today is taken away.' : 'No access from this file.',
    )
  for (const { policy, actions } of facts.adopted)
    parts.push(
      `${policyWords(policy)} with its ${count(actions.length, 'action')} is taken over: ${lossWord(policy)} in the end.`,
    )
  for (const { policy, actions } of facts.elsewhere) {
    parts.push(
      `${count(actions.length, 'stays', 'stay')}, from a policy this tool does not manage: ${policyWords(policy)}.`,
    )
  }
  const canTake = facts.elsewhere.some(({ policy }) => isHandMade(policy) && holds(row.info, policy))
  const keys = [
    ...(canTake ? ['t takes it over'] : []),
    ...(facts.elsewhere.length > 0 ? ['o shows them'] : row.shared ? ['o lists who is behind it'] : []),
  ]
  if (keys.length > 0) parts.push(keys.join('  '))
  return parts.join(' ')
}
