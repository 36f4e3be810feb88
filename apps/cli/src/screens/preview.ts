import { renderCommands } from '@mlflow-iam/core/export/render-commands'
import { moveCursor } from '../ui/scroll.ts'
import { runsToUndo } from '../wizard/applied.ts'
import type { Outcome } from '../wizard/effect.ts'
import type { Key } from '../wizard/keys.ts'
import { loaded, type Model, placeOf, withPlace } from '../wizard/model.ts'
import { planFacts } from '../wizard/plan-facts.ts'
import { planning, toTakeBack } from '../wizard/taking-back.ts'
import { goToTab, operationAt } from './preview-go.ts'
import { hasPanes, lastTopOfPane } from './preview-panes.ts'
import { plainArea } from './preview-scroll.ts'
import { type Block, blocksOf, isUnfolded, tabs } from './preview-tabs.ts'
import { previewView } from './preview-view.ts'
import type { Screen } from './screen.ts'
import { troubleKeys } from './trouble.ts'

/** What would change: the same plan as summary, diff, commands, documents and risk. */
export const previewScreen: Screen = {
  id: 'preview',
  title: 'Preview',
  filters: true,

  /** Plans anew whenever something changed since the last plan. */
  enter(model) {
    if (model.plan.state === 'ready' || model.plan.state === 'loading') return { model }
    return { model: { ...model, plan: { state: 'loading' } }, effects: [planning(model)] }
  },

  blocks(model) {
    if (model.plan.state !== 'ready') return 'There is no plan yet.'
    return model.plan.value.plan.operations.length === 0
      ? 'Nothing to change: AWS is as chosen. Nothing needs applying.'
      : undefined
  },

  onKey(model: Model, key: Key): Outcome | undefined {
    const place = placeOf(model)
    const panes = hasPanes(model)
    const beside = panes && place.column > 0
    if (/^[1-5]$/.test(key.name)) return { model: goToTab(model, Number(key.name) - 1) }
    if (key.name === 'tab' || key.name === 'shift-tab') {
      if (panes) return { model: withPlace(model, { column: beside ? 0 : 1 }) }
      const step = key.name === 'tab' ? 1 : tabs.length - 1
      return { model: goToTab(model, (place.tab + step) % tabs.length) }
    }
    if (beside && key.name === 'esc') return { model: withPlace(model, { column: 0 }) }
    if (key.name === 'r') {
      return {
        model: { ...model, plan: { state: 'loading' } },
        effects: [{ type: 'observe' }, planning(model)],
      }
    }
    const planned = loaded(model.plan)
    if (!planned) return undefined
    const facts = planFacts(planned)
    const blocks = blocksOf(model, facts, plainArea)
    if (beside) {
      const top = moveCursor(place.top, lastTopOfPane(model, planned, facts) + 1, key.name, 10)
      if (top !== undefined) return { model: withPlace(model, { top }) }
    }
    const length = panes ? planned.plan.operations.length : blocks.length
    const moved = moveCursor(place.row, length, key.name, 5)
    if (moved !== undefined) return { model: withPlace(model, { row: moved, top: 0 }) }
    const item = blocks[place.row]?.item ?? 0
    const person = place.tab === 1 ? facts.people[item] : undefined
    const toItem = (wanted: number) => blocks.findIndex((block) => block.item === wanted)
    switch (key.name) {
      case 'A':
        if (toTakeBack(model)) return askUndo(model)
        return { model: { ...model, applyMode: 'confirm', previewFrom: undefined }, go: 'next' }
      case 'E':
        return { model: { ...model, applyMode: 'export', previewFrom: undefined }, go: 'next' }
      case 'U':
        return askUndo(model)
      case 'W':
        return { model, effects: [{ type: 'save-plan', plan: planned.plan }] }
      case 's':
        return { model, effects: [{ type: 'save-commands', plan: planned.plan }] }
      case 'n':
      case 'N': {
        const to = toItem(item + (key.name === 'n' ? 1 : -1))
        return { model: to < 0 ? model : withPlace(model, { row: to }) }
      }
      case 'right':
      case 'l':
        return person ? { model: fold(model, person.principal, true) } : { model }
      case 'left':
      case 'h':
        return person
          ? { model: withPlace(fold(model, person.principal, false), { row: toItem(item) }) }
          : { model }
      case 'enter':
        if (person) {
          const folded = fold(model, person.principal, !isUnfolded(model, facts, person))
          return { model: withPlace(folded, { row: toItem(item) }) }
        }
        if (panes) return { model: goToTab(model, 2) }
        return { model: opened(model, blocks[place.row]?.opens) }
      default:
        return undefined
    }
  },

  view: previewView,

  footer: (model) => {
    if (model.plan.state === 'failed') return troubleKeys(model.plan.notice, 'plan again')
    const move = {
      keys: model.ascii ? 'up/down' : '↑↓',
      does: ['line', 'person', 'call', 'document', 'finding'][placeOf(model, 'preview').tab] ?? 'line',
    }
    return [
      { keys: '?', does: 'help' },
      { keys: '1-5', does: 'tab' },
      ...(hasPanes(model) ? [{ keys: 'tab', does: 'pane' }] : []),
      move,
      ...([2, 3].includes(placeOf(model, 'preview').tab) ? [{ keys: 'n', does: 'next' }] : []),
      { keys: 'A', does: 'apply' },
      { keys: 'E', does: 'export' },
      { keys: 'y', does: 'copy' },
      { keys: 'esc', does: 'back' },
      { keys: 's', does: 'save' },
      { keys: 'v', does: 'raw' },
      { keys: 'Y', does: 'copy all' },
      { keys: 'q', does: 'quit' },
    ]
  },
  help: [
    ['Tabs', '1-5 tab, or tab and shift-tab; 3 and 4 keep to the same change'],
    ['Panes', 'in a wide window tab goes to the pane beside, where ↑↓ scroll'],
    ['Move', '↑↓ j k item    ←→ fold    n N next and last call    / filter'],
    ['Go on', 'A apply here    E export for someone else    U roll back the last run'],
    ['Keep', 'W write the plan    s write commands.sh and policies'],
    ['Copy', 'y this item    Y all of it    v raw text in the pager'],
    ['Read', 'r read AWS again and plan anew'],
  ],

  copy(model) {
    const planned = loaded(model.plan)
    if (!planned) return undefined
    const facts = planFacts(planned)
    const { tab, row } = placeOf(model, 'preview')
    const item = blocksOf(model, facts, plainArea)[row]?.item ?? 0
    if (tab === 2) return { item: facts.calls[item] ?? '', all: renderCommands(planned.plan) }
    if (tab === 3)
      return {
        item: facts.documents[item]?.text ?? '',
        all: facts.documents.map((each) => each.text).join('\n'),
      }
    if (hasPanes(model)) {
      const call = facts.calls[operationAt(model, planned, facts) ?? 0] ?? ''
      return { item: call, all: renderCommands(planned.plan) }
    }
    const blocks = blocksOf(
      { ...model, unfolded: facts.people.map((each) => each.principal) },
      facts,
      plainArea,
    )
    const plain = blocks.map((block) =>
      block.lines
        .map((each) =>
          each
            .map((piece) => piece.text)
            .join('')
            .trimEnd(),
        )
        .join('\n'),
    )
    return { item: plain[row] ?? '', all: plain.join('\n') }
  },
}

/** The question before the last run of this session is taken back. */
export function askUndo(model: Model): Outcome {
  return runsToUndo(model).length === 0
    ? { model: { ...model, said: { text: 'This session has changed nothing in AWS.', tone: 'plain' } } }
    : { model: { ...model, applyMode: 'undo', previewFrom: undefined }, go: 'apply' }
}

/** The item of another tab that a line is about; what it is about is unfolded there. */
function opened(model: Model, opens: Block['opens']): Model {
  const planned = loaded(model.plan)
  if (!opens || !planned) return model
  const facts = planFacts(planned)
  const { tab, item } = opens
  const person = tab === 1 ? facts.people[item] : undefined
  const there = withPlace(person ? fold(model, person.principal, true) : model, { tab, top: 0, column: 0 })
  const row = blocksOf(there, facts, plainArea).findIndex((block) => block.item === item)
  return withPlace(there, { row: Math.max(0, row) })
}

/** An empty name stands for "something was folded by hand", so that the first person does not unfold again. */
function fold(model: Model, principal: string, open: boolean): Model {
  const others = model.unfolded.filter((each) => each !== principal && each !== '')
  return { ...model, unfolded: open ? [...others, principal] : [...others, ''] }
}
