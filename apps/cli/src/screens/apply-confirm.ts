import { type Area, bodyHeight, type KeyHint, type View } from '../ui/frame.ts'
import { column, type Line, line, span } from '../ui/line.ts'
import { count, wrap } from '../ui/text.ts'
import { runsToUndo } from '../wizard/applied.ts'
import { accountWord, phraseOf } from '../wizard/confirm.ts'
import type { Outcome } from '../wizard/effect.ts'
import { editField, emptyField } from '../wizard/field.ts'
import type { Key } from '../wizard/keys.ts'
import { loaded, type Model } from '../wizard/model.ts'
import { type PlanFacts, planFacts, type ServerChange } from '../wizard/plan-facts.ts'
import { reachSize, reachWords } from '../wizard/reach.ts'
import { startedRun } from '../wizard/run.ts'
import { beginUndo } from './apply-run.ts'
import { blank, row, text } from './rows.ts'
import { targetWords } from './target-words.ts'

function wanted(model: Model, facts: PlanFacts): string | undefined {
  return model.applyMode === 'undo' ? accountWord(model) : phraseOf(model, facts.agreement)
}

/** The question before anything is written. Nothing but its exact answer, or the button, begins it. */
export function confirmOnKey(model: Model, key: Key): Outcome | undefined {
  const planned = loaded(model.plan)
  if (!planned) return key.name === 'esc' ? { model, go: 'back' } : { model }
  const phrase = wanted(model, planFacts(planned))
  const { field, focus } = model.confirm
  const leave: Outcome =
    model.applyMode === 'undo' && model.run.state !== 'idle'
      ? { model: { ...model, applyMode: 'run', confirm: { field: emptyField, focus: 'back' } } }
      : { model: { ...model, confirm: { field: emptyField, focus: 'back' } }, go: 'back' }
  if (key.name === 'esc') return leave
  if (phrase === undefined) {
    if (['tab', 'shift-tab', 'left', 'right', 'up', 'down'].includes(key.name)) {
      return { model: { ...model, confirm: { field, focus: focus === 'back' ? 'apply' : 'back' } } }
    }
    if (key.name !== 'enter') return key.name === '?' || key.name === 'q' ? undefined : { model }
    return focus === 'back' ? leave : begin(model)
  }
  if (key.name === 'enter') return field.text === phrase ? begin(model) : { model }
  const edited = editField(field, key)
  return { model: edited ? { ...model, confirm: { field: edited, focus } } : model }
}

/** Starts it, once: while something runs, another Enter does nothing. */
function begin(model: Model): Outcome {
  const planned = loaded(model.plan)
  if (!planned || model.run.state === 'running' || model.run.state === 'stopping') return { model }
  const confirm = { field: emptyField, focus: 'back' as const }
  if (model.applyMode === 'undo') {
    const [last] = runsToUndo(model)
    if (!last) return { model }
    return beginUndo({ ...model, confirm, applyMode: 'run' }, last.journal)
  }
  return {
    model: {
      ...model,
      run: startedRun(planned.plan),
      confirm,
      applyMode: 'run',
      verification: { state: 'none' },
    },
    effects: [{ type: 'apply', plan: planned.plan }],
  }
}

export function confirmView(model: Model, area: Area): View {
  const planned = loaded(model.plan)
  const compact = area.layout === 'compact'
  const head = compact ? [] : [blank]
  if (!planned) return { body: [...head, text('There is no plan; esc goes back.')] }
  const facts = planFacts(planned)
  const phrase = wanted(model, facts)
  const undoing = model.applyMode === 'undo'
  const width = area.columns - 6
  const identity = loaded(model.identity)
  const where = `${accountWord(model)}${identity?.alias ? ` ${identity.account}` : ''}, ${model.edit.region ?? identity?.region ?? ''}`
  const body: Line[] = [
    ...head,
    ...wrap(undoing ? `Take back what was done in account ${where}?` : `Change account ${where}?`, width).map(
      (each) => text(span(each, 'bold')),
    ),
    ...(compact ? [] : [blank]),
  ]
  const shell = wrap(shellLine(model, facts, planned.plan.id), area.columns - 4)
  const unmatched = wrap(`Not matched yet. Enter does nothing until it reads ${phrase}.`, width)
  const tail = (compact ? 2 : 4) + (phrase === undefined ? 1 : unmatched.length)
  const room = bodyHeight(area, shell.length) - body.length - tail
  body.push(...(undoing ? undoLines(model, width) : reasonLines(facts, width, Math.max(1, room), area)))
  let cursor: View['cursor']
  if (phrase === undefined) {
    body.push(...(compact ? [] : [blank]))
    for (const [choice, words] of [
      ['back', 'Go back, change nothing'],
      ['apply', `Apply ${count(facts.calls.length, 'change')}`],
    ] as const) {
      const focused = model.confirm.focus === choice
      if (focused) cursor = { row: body.length, column: 1 }
      body.push(row(area, focused, words))
    }
  } else {
    const typed = model.confirm.field.text
    const label =
      undoing || facts.agreement.deletes === 0 ? 'Type the account alias to apply' : `Type ${phrase} to apply`
    const named = identity?.alias || !label.includes('alias') ? label : 'Type the account id to apply'
    const asked = undoing ? named.replace('apply', 'take it back') : named
    body.push(...(compact ? [] : [blank]))
    cursor = { row: body.length, column: 3 + asked.length + 5 + model.confirm.field.caret }
    body.push(text(`${asked}     `, span(typed, 'bold'), span('_', 'dim')))
    body.push(...(compact ? [] : [blank]))
    const matched = undoing ? 'It matches. enter takes it back.' : 'It matches. enter applies.'
    body.push(...(typed === phrase ? [text(span(matched, 'ok'))] : unmatched.map((each) => text(each))))
  }
  return {
    body,
    strip: {
      title: targetWords(model, area),
      lines: shell.map((each) => line(`   ${each}`)),
    },
    ...(cursor ? { cursor } : {}),
  }
}

/** What is taken away and why it is asked, then what is added; as many lines as there is room for. */
function reasonLines(facts: PlanFacts, width: number, room: number, area: Area): readonly Line[] {
  const { agreement, people } = facts
  const { glyphs } = area
  const more = agreement.confirm ? 'also ' : ''
  const adds = reachSize(facts.gain) > 0 ? `It ${more}adds access for ${reachWords(facts.gain)}. ` : ''
  const total = `${adds}${count(facts.calls.length, 'AWS change')} in all. ${facts.calls.length === 1 ? 'It' : 'Every one'} is journalled and can be rolled back.`
  const end = wrap(total, width).map((each) => text(each))
  const left = room - end.length - (area.layout === 'compact' ? 0 : 1)
  const fold = (lines: readonly Line[], most: number) =>
    lines.length <= most
      ? lines
      : [
          ...lines.slice(0, Math.max(0, most - 1)),
          text(`  ${glyphs.down} ${lines.length - Math.max(0, most - 1)} more, in Preview`),
        ]
  if (!agreement.confirm) {
    const gains = people.map((person) => {
      const where = serverWords(person.servers, glyphs.arrow)
      return text('  ', span('+  ', 'ok'), column(person.name, 16, 'plain', glyphs.more), ' ', where)
    })
    return [...end, ...(area.layout === 'compact' ? [] : [blank]), ...fold(gains, Math.max(0, left))]
  }
  const losers = people.filter((person) => person.servers.some((server) => server.lost.length > 0))
  const lost = losers.map((person) =>
    text(
      '  ',
      span('-  ', 'danger'),
      column(person.name, 16, 'plain', glyphs.more),
      ` loses ${lossWords(person.servers)}`,
    ),
  )
  // Whose losses stand above by server need not be told a second time.
  const listed = new Set(losers.map(({ principal }) => principal))
  const told = new Set(
    facts.findings
      .filter(({ code, principal }) => code === 'access-lost' && listed.has(principal ?? ''))
      .map(({ message }) => message),
  )
  const others = agreement.reasons.filter((reason) => !told.has(reason))
  const reasons = others.flatMap((reason) =>
    wrap(reason, width - 6).map((each, index) => text('  ', span(index === 0 ? '!  ' : '   ', 'warn'), each)),
  )
  const title =
    lost.length > 0
      ? `This plan takes access away from ${reachWords(facts.lose)}:`
      : 'This plan needs a second look:'
  const gap = area.layout === 'compact' ? [] : [blank]
  return [
    text(title),
    ...gap,
    ...fold([...lost, ...reasons], Math.max(1, left - 1 - 2 * gap.length)),
    ...gap,
    ...end,
  ]
}

/** `0 → 44 on ml-dev, 0 → 1 on ml-prod and ml-staging (UI)`: servers that change alike stand together. */
function serverWords(servers: readonly ServerChange[], arrow: string): string {
  const alike = new Map<string, ServerChange[]>()
  for (const server of servers) {
    const key = JSON.stringify([server.before, server.after, isUiAlone(server)])
    alike.set(key, [...(alike.get(key) ?? []), server])
  }
  const words = [...alike.values()].map((group) => {
    const names = listed(group.map(({ server }) => server))
    const [first] = group
    return `${first?.before} ${arrow} ${first?.after} on ${names}${first && isUiAlone(first) ? ' (UI)' : ''}`
  })
  return words.join(', ')
}

/** `ml-dev`, `ml-dev and ml-prod`, `ml-dev, ml-prod and ml-staging`. */
function listed(names: readonly string[]): string {
  const [last = '', ...others] = [...names].reverse()
  return others.length === 0 ? last : `${others.reverse().join(', ')} and ${last}`
}

/** `24 actions on ml-dev, ml-prod; 1 action on ml-staging`: servers that lose as many stand together. */
function lossWords(servers: readonly ServerChange[]): string {
  const alike = new Map<number, string[]>()
  for (const { server, lost } of servers) {
    if (lost.length > 0) alike.set(lost.length, [...(alike.get(lost.length) ?? []), server])
  }
  return [...alike].map(([lost, names]) => `${count(lost, 'action')} on ${names.join(', ')}`).join('; ')
}

/** Opening the UI holds for the whole account, so it shows on servers that nobody asked for. */
function isUiAlone({ gained, lost }: ServerChange): boolean {
  return lost.length === 0 && gained.length === 1 && gained[0] === 'AccessUI'
}

function undoLines(model: Model, width: number): readonly Line[] {
  const [last] = runsToUndo(model)
  const words = `${count(last?.done ?? 0, 'change')} of this run will be taken back, the last one first. What others changed since is left alone.`
  return wrap(words, width).map((each) => text(each))
}

function shellLine(model: Model, facts: PlanFacts, id: string): string {
  const [last] = runsToUndo(model)
  if (model.applyMode === 'undo' && last)
    return `mlflow-iam rollback ${last.journal} --confirm ${accountWord(model)}${model.shellFlags}`
  const flags = [
    facts.agreement.confirm ? ` --confirm ${accountWord(model)}` : ' --yes',
    facts.agreement.deletes > 0 ? ` --allow-delete ${facts.agreement.deletes}` : '',
  ]
  return `mlflow-iam apply plan-${id}.json${flags.join('')}${model.shellFlags}`
}

export function confirmKeys(model: Model): readonly KeyHint[] {
  const planned = loaded(model.plan)
  const phrase = planned && wanted(model, planFacts(planned))
  if (phrase !== undefined) {
    return [
      { keys: 'esc', does: model.columns < 80 ? 'go back' : 'go back, nothing applied' },
      {
        keys: 'enter',
        does: model.applyMode === 'undo' ? 'take it back once it matches' : 'apply once it matches',
      },
      { keys: 'ctrl-u', does: 'clear' },
    ]
  }
  return [
    { keys: '?', does: 'help' },
    { keys: 'tab', does: 'other button' },
    { keys: 'enter', does: model.confirm.focus === 'apply' ? 'apply' : 'go back' },
    { keys: 'esc', does: 'go back, nothing applied' },
    { keys: 'q', does: 'quit' },
  ]
}
