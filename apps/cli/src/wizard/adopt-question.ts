import { nearestPersona } from '@mlflow-iam/core/personas/nearest-persona'
import { count } from '../ui/text.ts'
import { policyWords } from './access-edits.ts'
import { adoptText, groupsWith, holds, isAdopted, isHandMade, lossWord, storedText } from './adopt.ts'
import type { Question } from './ask.ts'
import { actionsOf, cellFacts, cellText, personasOf, serverArns } from './cells.ts'
import { type Cell, cellsAt, type Edit, emptyCell, isEnded } from './edit.ts'
import { loaded, type Model } from './model.ts'
import { lastPart } from './people.ts'
import { otherRights } from './policy-rights.ts'
import { allRows, type Row } from './rows.ts'

/**
 * Asks whether the grants are to take over a hand-made policy that a row has its access from: the row that gives most
 * comes first, and a policy that is taken over already may be left alone again.
 */
export function adoptQuestion(model: Model, row: Row | undefined): Question | string {
  if (!row || !loaded(model.today)) return 'What everyone has today is still being read.'
  const sources = new Map<string, number>()
  const taken = new Set<string>()
  for (const server of model.edit.servers) {
    const facts = cellFacts(model, row.member.arn, server)
    for (const { policy, actions } of facts.elsewhere)
      sources.set(policy, (sources.get(policy) ?? 0) + actions.length)
    for (const { policy } of facts.adopted) taken.add(policy)
  }
  const most = [...sources].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([policy]) => policy)
  const [policy] = most.filter(
    (each) => isHandMade(each) && holds(row.info, each) && !isAdopted(model.edit.adopt, each),
  )
  if (policy !== undefined) return takeOver(model, policy)
  const [mine] = taken
  if (mine !== undefined) return leaveAlone(model, mine)
  const [other] = most
  if (other === undefined) return `${row.title} has no access from elsewhere on these servers.`
  const groups = groupsWith(model, row.info, other)
  if (groups.length > 0)
    return `${policyWords(other)} comes through group ${groups.join(', ')}: tick the group in People, and take it over there.`
  return `${policyWords(other)} cannot be taken over: only policies made by hand that it holds itself can.`
}

/** Rows that hold a policy themselves, with what it gives them on each server. */
function holdersOf(model: Model, policy: string) {
  return allRows(model)
    .filter((row) => holds(row.info, policy))
    .map((row) => ({
      row,
      gives: model.edit.servers.flatMap((server) => {
        const facts = cellFacts(model, row.member.arn, server)
        const source = facts.elsewhere.find((each) => each.policy === policy)
        return source ? [{ server, actions: source.actions }] : []
      }),
    }))
}

function takeOver(model: Model, policy: string): Question {
  const { edit } = model
  const name = policyWords(policy)
  const isDeleted = lossWord(policy) === 'deleted'
  const holders = holdersOf(model, policy)
  const cells: Record<string, Edit['cells'][string]> = { ...edit.cells }
  const given: string[] = []
  for (const { row, gives } of holders) {
    const own: Record<string, readonly Cell[]> = { ...cells[row.member.arn] }
    for (const { server, actions } of gives) {
      const before = cellsAt(edit, row.member.arn, server.key).filter((cell) => !isEnded(cell, model.day))
      own[server.key] = withActions(before, actions, edit)
      given.push(
        `  + ${row.title} on ${server.key}: ${cellText(own[server.key] ?? [], edit)}, for its ${count(actions.length, 'action')}`,
      )
    }
    cells[row.member.arn] = own
  }
  const rows = count(holders.length, 'row')
  return {
    title: `Take ${name} over?`,
    lines: [
      'The grants give the same: the nearest persona with exceptions, or action by action where that is shorter.',
      ...given,
      ...losing(
        policy,
        holders.map(({ row }) => row),
      ),
      ...warnings(
        model,
        policy,
        holders.map(({ row }) => row),
      ),
      isDeleted
        ? 'An inline policy is of nobody else: a rollback writes it again, byte for byte.'
        : 'The policy itself stays in the account, and so do others who hold it and are not in this file.',
    ],
    yes: 'take it over',
    from: edit,
    edit: { ...edit, cells, adopt: [...edit.adopt, adoptText(policy)].sort() },
    what: `take over ${name}`,
    said: `${capital(name)} is taken over: ${rows} ${holders.length === 1 ? 'has' : 'have'} grants for it instead.`,
  }
}

/** Who gives the policy up, and how: a role that is still to be made is a copy without it. */
function losing(policy: string, rows: readonly Row[]): readonly string[] {
  const name = policyWords(policy)
  const isInline = lossWord(policy) === 'deleted'
  const made = isInline ? rows.filter(({ info }) => info.splitFrom !== undefined) : []
  const own = rows.filter((row) => !made.includes(row)).map(({ info }) => info.name)
  return [
    ...(own.length > 0
      ? [`  - ${name} is ${lossWord(policy)} from ${own.join(', ')}, once that is attached`]
      : []),
    ...made.map(({ info }) => `  - ${name} is not carried over to ${info.name}`),
  ]
}

function capital(text: string): string {
  return text.startsWith('inline policy ') ? `I${text.slice(1)}` : text
}

/** The same grants and these actions: the first one without conditions is told anew as its nearest persona. */
function withActions(cells: readonly Cell[], actions: readonly string[], edit: Edit): readonly Cell[] {
  const open = cells.find((cell) => !cell.when && !cell.until && cell.policyName === undefined)
  const all = new Set([...(open ? actionsOf([open], edit) : []), ...actions])
  if (open && all.size === actionsOf([open], edit).size) return cells
  const shape = nearestPersona(all, personasOf(edit).values())
  const told: Cell = shape
    ? { personas: [shape.persona.name], add: shape.add, remove: shape.remove }
    : { ...emptyCell, add: [...all].sort() }
  return [...cells.filter((cell) => cell !== open), told]
}

/** What goes with the policy and no grant here gives back. */
function warnings(model: Model, policy: string, rows: readonly Row[]): readonly string[] {
  const snapshot = loaded(model.snapshot)
  const today = loaded(model.today)
  if (!snapshot || !today) return []
  const covered = new Set(
    model.edit.servers.flatMap((server) => serverArns(server, snapshot, model.edit.region)),
  )
  const lost = new Map<string, number>()
  for (const { info } of rows) {
    for (const [arn, row] of today.get(info.splitFrom ?? info.arn) ?? []) {
      const source = covered.has(arn) ? undefined : row.elsewhere.find((each) => each.policy === policy)
      if (source) lost.set(arn, source.actions.length)
    }
  }
  const wider = model.edit.servers.filter(
    (server) => serverArns(server, snapshot, model.edit.region).length > 1,
  )
  const { others, conditions, denies } = otherRights(storedText(snapshot, policy))
  const name = policyWords(policy)
  return [
    ...[...lost].map(
      ([arn, amount]) =>
        `! It also gives ${count(amount, 'action')} on ${lastPart(arn)}, which is not among the chosen servers: that is lost.`,
    ),
    ...(others.length > 0
      ? [`! It also allows ${others.join(', ')}: no grant gives that, so it is lost.`]
      : []),
    ...(denies ? [`! ${capital(name)} also denies something; that no longer holds.`] : []),
    ...(conditions ? ['! Its conditions are not taken over: the grants hold without them.'] : []),
    ...wider.map(
      (server) => `! ${server.key} is one grant for several servers: it gives the same on all of them.`,
    ),
  ]
}

function leaveAlone(model: Model, policy: string): Question {
  const { edit } = model
  const name = policyWords(policy)
  return {
    title: `Leave ${name} where it is?`,
    lines: [
      `${capital(name)} is to be ${lossWord(policy)} from the rows of this file. Left alone, it stays where it is, and its access counts as access from elsewhere again.`,
      'The grants that were chosen in its place stay as they are; u after taking it over undoes those too.',
    ],
    yes: 'leave it',
    from: edit,
    edit: { ...edit, adopt: edit.adopt.filter((each) => !isAdopted([each], policy)) },
    what: `leave ${name} where it is`,
    said: `${capital(name)} stays where it is.`,
  }
}
