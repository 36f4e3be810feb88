import { actionGroups, findAction } from '@mlflow-iam/core/catalog/actions'
import type { FindingLevel } from '@mlflow-iam/core/plan/plan'
import type { Area } from '../ui/frame.ts'
import { cell, column, type Line, line, type Span, span, spread, type Tone } from '../ui/line.ts'
import { count, widthOf, wrap } from '../ui/text.ts'
import { policyWords } from '../wizard/access-edits.ts'
import { loaded, type Model, placeOf } from '../wizard/model.ts'
import type { ChangeKind, PersonChange, PlanFacts } from '../wizard/plan-facts.ts'
import { reachSize, reachWords } from '../wizard/reach.ts'
import { blank, text } from './rows.ts'

/** What the cursor steps over: some lines, and the item (person, call, document, finding) that they belong to. */
export interface Block {
  readonly lines: readonly Line[]
  readonly item: number
  /** Where Enter leads: a tab, and an item of it. */
  readonly opens?: { readonly tab: number; readonly item: number }
}

/** The tabs, behind the digits from 1 on. */
export const tabs = ['Summary', 'Diff', 'Commands', 'JSON', 'Risk'] as const

/** What the cursor steps over on the present tab, as far as the filter leaves it. */
export function blocksOf(model: Model, facts: PlanFacts, area: Area): readonly Block[] {
  const { tab } = placeOf(model, 'preview')
  const query = placeOf(model, 'preview').filter.text.toLowerCase()
  const make = [summaryBlocks, diffBlocks, callBlocks, jsonBlocks, riskBlocks][tab] ?? summaryBlocks
  const blocks = make(model, facts, area)
  return query === ''
    ? blocks
    : blocks.filter((block) =>
        block.lines.some((each) => each.some((piece) => piece.text.toLowerCase().includes(query))),
      )
}

const tones: Readonly<Record<string, Tone>> = { '+': 'ok', '~': 'warn', '-': 'danger' }

/** `HIGH`, `review`, `low`: in words, with a tone. */
export function levelSpan(level: FindingLevel, width = 8): Span {
  const tone: Tone = level === 'high' ? 'danger' : level === 'review' ? 'warn' : 'plain'
  return column(level === 'high' ? 'HIGH' : level, width, tone)
}

/** The heads of the columns of counts. */
export function summaryHead(area: Area): Line {
  const wide = area.layout === 'compact' ? 27 : 43
  return text(span(`${'Change'.padEnd(wide)}Count    Who            Risk`, 'bold'))
}

/** Counts by kind, who gains and loses, what needs a look, and how near IAM's limits are. */
export function summaryBlocks(model: Model, facts: PlanFacts, area: Area): readonly Block[] {
  const { glyphs } = area
  const compact = area.layout === 'compact'
  const wide = compact ? 27 : 43
  const between = compact ? '  ' : '    '
  const kinds = facts.kinds.map((kind): Line => {
    return text(
      span(`${kind.mark} `, tones[kind.mark] ?? 'plain'),
      column(kind.words, wide - 2, 'plain', glyphs.more),
      column(String(kind.operations.length), 5, 'plain', '', 'right'),
      between,
      cell(reachSize(kind.reach) > 0 ? whoWords(kind) : glyphs.dash, 15, 'plain', glyphs.more),
      levelSpan(kind.level, 6),
    )
  })
  if (facts.kinds.length === 0) {
    return [alone(text('Nothing to change: AWS is as chosen.'), 0), ...findingBlocks(facts, area)]
  }
  const right = text(
    '= ',
    column('already right', wide - 2),
    column(String(facts.alreadyRight), 5, 'plain', '', 'right'),
    between,
    column(glyphs.dash, 15),
    glyphs.dash,
  )
  const gains = `+ ${reachWords(facts.gain)} ${reachSize(facts.gain) > 1 ? 'gain' : 'gains'} access`
  const losses = `- ${reachWords(facts.lose)} ${reachSize(facts.lose) > 1 ? 'lose' : 'loses'}`
  const calls = count(facts.calls.length, 'AWS call')
  const totals = [[gains, losses, calls].join('   ')]
  if (widthOf(totals[0] ?? '') > area.columns - 5) totals.splice(0, 1, gains, `${losses}   ${calls}`)
  const limits = text(
    `Largest policy ${facts.largest.toLocaleString('en-US')} of 6,144 characters ${glyphs.dot} most attached to one ${facts.mostAttached} of 10`,
  )
  const gap = compact ? [] : [alone(blank, 0)]
  const operations = loaded(model.plan)?.plan.operations ?? []
  return [
    ...kinds.map((each, at): Block => {
      const [first] = facts.kinds[at]?.operations ?? []
      const item = first ? operations.indexOf(first) : 0
      return { lines: [each], item: 0, opens: { tab: 2, item } }
    }),
    alone(right, 0),
    ...gap,
    ...findingBlocks(facts, area),
    ...gap,
    ...totals.map((each) => alone(text(each), 0)),
    alone(limits, 0),
  ]
}

/** `12 gain`, `9 gain, 3 roles`, `72 gain, more`, `4 accounts`: people first, since they are asked about most. */
function whoWords({ reach, mark }: ChangeKind): string {
  const { people, ...others } = reach
  const rest = reachWords({ ...others, people: new Set() })
  if (people.size === 0) return rest
  const words = `${people.size} ${mark === '-' ? 'lose' : 'gain'}`
  if (rest === 'nobody') return words
  return words.length + rest.length + 2 < 15 ? `${words}, ${rest}` : `${words}, more`
}

function alone(each: Line, item: number): Block {
  return { lines: [each], item }
}

/** The findings that most need a look, one line each; the Risk tab has them whole. */
function findingBlocks(facts: PlanFacts, area: Area): readonly Block[] {
  const shown = facts.findings.filter((finding) => finding.level !== 'low').slice(0, 6)
  return shown.map((finding) => ({
    lines: [
      spread(['   ', levelSpan(finding.level), finding.message], [], area.columns - 1, area.glyphs.more),
    ],
    item: 0,
    opens: { tab: 4, item: facts.findings.indexOf(finding) },
  }))
}

/** For each principal, what it gains and loses on each server, by group; what stays is said too. */
export function diffBlocks(model: Model, facts: PlanFacts, area: Area): readonly Block[] {
  if (facts.people.length === 0) return [alone(text('Nobody gains or loses an action.'), 0)]
  return facts.people.flatMap((person, item) => {
    const open = isUnfolded(model, facts, person)
    const inside = open ? person.servers.flatMap((server) => serverLines(server, area)) : []
    return [
      { lines: [personLine(person, open, area)], item },
      ...inside.map((lines): Block => ({ lines, item })),
    ]
  })
}

/** The first person starts unfolded, so that what a fold holds is seen once. */
export function isUnfolded(model: Model, facts: PlanFacts, person: PersonChange): boolean {
  const untouched = model.unfolded.length === 0 && facts.people[0] === person
  return model.unfolded.includes(person.principal) || untouched
}

function personLine(person: PersonChange, open: boolean, area: Area): Line {
  const { glyphs } = area
  const [first] = person.servers
  const same = person.servers.every(
    (server) => server.before === first?.before && server.after === first?.after,
  )
  const where = person.servers.length === 1 ? `on ${first?.server}` : `on ${person.servers.length} servers`
  const numbers = first ? (same ? `${first.before} ${glyphs.arrow} ${first.after} ${where}` : where) : ''
  const name = area.layout === 'compact' ? 16 : 22
  return spread(
    [
      `   ${open ? glyphs.open : glyphs.folded} `,
      column(person.name, name, 'plain', glyphs.more),
      ' ',
      person.note,
    ],
    [`${numbers} `],
    area.columns - 1,
    glyphs.more,
  )
}

function serverLines(server: PersonChange['servers'][number], area: Area): readonly (readonly Line[])[] {
  const { glyphs } = area
  const groups: (readonly Line[])[] = []
  const many = (actions: readonly string[], mark: '+' | '-') => {
    for (const [group, names] of byGroup(actions)) {
      const words = wrap(names.join(', '), area.columns - 32)
      groups.push(
        words.map((each, index) =>
          line(
            '       ',
            span(`${index === 0 ? mark : ' '}  `, tones[mark] ?? 'plain'),
            column(index === 0 ? group : '', 16),
            each,
          ),
        ),
      )
    }
  }
  many(server.gained, '+')
  many(server.lost, '-')
  const stays = server.elsewhere.map((source) => [
    line(
      `       ${glyphs.dot}  ${count(source.actions.length, 'stays', 'stay')} through ${policyWords(source.policy)}, not managed here`,
    ),
  ])
  return [
    [line('       ', span(server.server, 'bold'), `  ${server.before} ${glyphs.arrow} ${server.after}`)],
    ...groups,
    ...(server.kept > 0 ? [[line(`       =  ${server.kept} unchanged`)]] : []),
    ...stays,
  ]
}

function byGroup(actions: readonly string[]): readonly (readonly [string, readonly string[]])[] {
  const groups = new Map<string, string[]>()
  for (const action of actions) {
    const group = findAction(action)?.group ?? 'New'
    groups.set(group, [...(groups.get(group) ?? []), action])
  }
  const rank = (group: string) => (actionGroups as readonly string[]).indexOf(group) >>> 0
  return [...groups].sort(([a], [b]) => rank(a) - rank(b))
}

/** Every call in the order it is sent, numbered and complete. */
export function callBlocks(_model: Model, facts: PlanFacts, area: Area): readonly Block[] {
  if (facts.calls.length === 0) return [alone(text('No calls: nothing changes.'), 0)]
  return facts.calls.flatMap((call, item) =>
    call.split('\n').map((each, at): Block => {
      const number = at === 0 ? `   ${String(item + 1).padStart(3)}  ` : '        '
      return { lines: [spread([number, each], [], area.columns - 1, area.glyphs.more)], item }
    }),
  )
}

/** The exact documents that are sent. */
export function jsonBlocks(_model: Model, facts: PlanFacts, area: Area): readonly Block[] {
  if (facts.documents.length === 0) return [alone(text('No documents are sent.'), 0)]
  return facts.documents.flatMap((document, item) => [
    { lines: [text(span(document.title, 'bold'))], item },
    ...document.text
      .split('\n')
      .map(
        (each): Block => ({ lines: [spread(['     ', each], [], area.columns - 1, area.glyphs.more)], item }),
      ),
  ])
}

/** Each finding in full, the worst first. */
export function riskBlocks(_model: Model, facts: PlanFacts, area: Area): readonly Block[] {
  if (facts.findings.length === 0) return [alone(text('No findings.'), 0)]
  return facts.findings.map((finding, item) => {
    const person = facts.people.findIndex(({ principal }) => principal === finding.principal)
    const words = wrap(finding.message, area.columns - 14)
    const lines = words.map((each, index) =>
      line('   ', index === 0 ? levelSpan(finding.level) : '        ', each),
    )
    return { lines, item, opens: { tab: 1, item: Math.max(0, person) } }
  })
}
