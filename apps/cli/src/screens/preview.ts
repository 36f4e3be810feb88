import { renderCommands } from '@mlflow-iam/core/export/render-commands'
import type { Area, View } from '../ui/frame.ts'
import { line, span, spread } from '../ui/line.ts'
import { moveCursor } from '../ui/scroll.ts'
import { runsToUndo } from '../wizard/applied.ts'
import type { Outcome } from '../wizard/effect.ts'
import type { Key } from '../wizard/keys.ts'
import { loaded, type Model, placeOf, withPlace } from '../wizard/model.ts'
import { type PlanFacts, planFacts } from '../wizard/plan-facts.ts'
import { planning, toTakeBack } from '../wizard/taking-back.ts'
import { noticeLines } from './account.ts'
import { changeAt, hasPanes, panesView } from './preview-panes.ts'
import { plainArea, scrolled } from './preview-scroll.ts'
import {
  type Block,
  callBlocks,
  diffBlocks,
  isUnfolded,
  jsonBlocks,
  riskBlocks,
  summaryBlocks,
  summaryHead,
} from './preview-tabs.ts'
import { blank, text } from './rows.ts'
import type { Screen } from './screen.ts'
import { targetWords } from './target-words.ts'

const tabs = ['Summary', 'Diff', 'Commands', 'JSON', 'Risk'] as const

function blocksOf(model: Model, facts: PlanFacts, area: Area): readonly Block[] {
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
    if (/^[1-5]$/.test(key.name)) return { model: toTab(model, Number(key.name) - 1) }
    if (key.name === 'tab') return { model: toTab(model, (place.tab + 1) % tabs.length) }
    if (key.name === 'shift-tab') return { model: toTab(model, (place.tab + tabs.length - 1) % tabs.length) }
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
    const changes = hasPanes(model) ? planned.plan.operations.length : 0
    const moved = moveCursor(place.row, changes || blocks.length, key.name, 5)
    if (moved !== undefined) return { model: withPlace(model, { row: moved }) }
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
        if (place.tab === 0) {
          const call = changes > 0 ? changeAt(planned, facts, place.row) : 0
          const commands = toTab(model, 2)
          const row = blocksOf(commands, facts, plainArea).findIndex((block) => block.item === call)
          return { model: withPlace(commands, { row: Math.max(0, row) }) }
        }
        return place.tab === 4 ? { model: toTab(model, 1) } : { model }
      default:
        return undefined
    }
  },

  view(model: Model, area: Area): View {
    const { glyphs } = area
    const compact = area.layout === 'compact'
    const width = area.columns - 1
    const head = compact ? [] : [blank]
    if (model.plan.state === 'failed')
      return {
        body: [
          ...head,
          ...noticeLines(model.plan.notice, model.columns),
          blank,
          text('r plans again; esc goes back; the draft is kept.'),
        ],
      }
    const planned = loaded(model.plan)
    if (!planned) return { body: [...head, text('reading AWS and working out what would change')] }
    const facts = planFacts(planned)
    const place = placeOf(model)
    const bar = tabs.flatMap((title, index) => [
      index === place.tab ? span(`[${index + 1} ${title}]`, 'accent') : span(`${index + 1} ${title}`),
      index === tabs.length - 1 ? '' : compact ? ' ' : '  ',
    ])
    const at = `plan ${planned.plan.id.slice(0, compact ? 4 : 12)}`
    const query = place.filter.text === '' && !place.typing ? '' : `/ ${place.filter.text} ${glyphs.dot} `
    const right =
      place.tab === 2
        ? `${facts.calls.length} calls, in order`
        : place.tab === 4
          ? riskCounts(facts, glyphs.dot)
          : at
    const top = [
      ...head,
      spread(['   ', ...bar], compact ? [] : [`${query}${right}`], width, glyphs.more),
      ...(compact ? [] : [blank]),
      ...(place.tab === 0 && facts.kinds.length > 0 && !compact ? [summaryHead(area)] : []),
    ]
    const strip = stripOf(model, facts, area)
    if (hasPanes(model)) {
      const height = area.rows - 1 - 5 - strip.lines.length - 1
      const bars = line('  ', ...bar)
      return { ...panesView({ planned, facts, place, tabs: bars, area, height }), strip }
    }
    const height = Math.max(3, area.rows - 1 - (compact ? 4 : 5 + strip.lines.length + 1) - top.length)
    const blocks = blocksOf(model, facts, area)
    const drawn = scrolled(blocks, place, height, area)
    return { body: [...top, ...drawn.lines], strip, cursor: { row: top.length + drawn.cursor, column: 1 } }
  },

  footer: (model) => {
    const move = {
      keys: model.ascii ? 'up/down' : '↑↓',
      does: ['line', 'person', 'call', 'document', 'finding'][placeOf(model, 'preview').tab] ?? 'line',
    }
    return [
      { keys: '?', does: 'help' },
      { keys: '1-5', does: 'tab' },
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
    ['Tabs', '1-5 tab, or tab and shift-tab'],
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
      const call = facts.calls[changeAt(planned, facts, row)] ?? ''
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

function toTab(model: Model, tab: number): Model {
  return withPlace(model, { tab, row: 0, top: 0 })
}

/** An empty name stands for "something was folded by hand", so that the first person does not unfold again. */
function fold(model: Model, principal: string, open: boolean): Model {
  const others = model.unfolded.filter((each) => each !== principal && each !== '')
  return { ...model, unfolded: open ? [...others, principal] : [...others, ''] }
}

function riskCounts(facts: PlanFacts, dot: string): string {
  const amount = (level: string) => facts.findings.filter((finding) => finding.level === level).length
  return `HIGH ${amount('high')} ${dot} review ${amount('review')} ${dot} low ${amount('low')}`
}

function stripOf(model: Model, facts: PlanFacts, area: Area) {
  const place = placeOf(model, 'preview')
  const item = blocksOf(model, facts, plainArea)[place.row]?.item ?? 0
  if (place.tab === 2) {
    const operation = loaded(model.plan)?.plan.operations[item]
    const undo = operation?.inverse[0] ? `undo: ${operation.inverse[0].action}` : ''
    return {
      title: `Call ${item + 1}`,
      ...(undo ? { right: undo } : {}),
      lines: [
        line(`   ${operation?.because ?? ''}`),
        line(
          `   v opens all ${facts.calls.length} as plain text ${area.glyphs.dot} s writes commands.sh and policies/`,
        ),
      ],
    }
  }
  const plan = loaded(model.plan)?.plan
  const keys = '   A apply here      E export for someone else      W save plan file'
  return {
    title: targetWords(model, area),
    lines: [
      hasPanes(model)
        ? spread([keys], [`plan ${plan?.id ?? ''} `], area.columns - 1, area.glyphs.more)
        : line(keys),
    ],
  }
}
