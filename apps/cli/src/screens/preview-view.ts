import type { Area, View } from '../ui/frame.ts'
import { line, span, spread } from '../ui/line.ts'
import { count } from '../ui/text.ts'
import { loaded, type Model, placeOf } from '../wizard/model.ts'
import { type PlanFacts, planFacts } from '../wizard/plan-facts.ts'
import { hasPanes, panesView } from './preview-panes.ts'
import { plainArea, scrolled } from './preview-scroll.ts'
import { blocksOf, summaryHead, tabs } from './preview-tabs.ts'
import { blank, text } from './rows.ts'
import { targetWords } from './target-words.ts'
import { troubleLines } from './trouble.ts'

/** One tab of the plan, or all changes beside the one with the cursor where there is room. */
export function previewView(model: Model, area: Area): View {
  const { glyphs } = area
  const compact = area.layout === 'compact'
  const width = area.columns - 1
  const head = compact ? [] : [blank]
  if (model.plan.state === 'failed')
    return { body: [...head, ...troubleLines(model.plan.notice, model.columns, 'plans again')] }
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
      ? `${count(facts.calls.length, 'call')}, in order`
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
    return { ...panesView({ planned, facts, place, tabs: line('  ', ...bar), area }), strip }
  }
  const height = Math.max(3, area.rows - 1 - (compact ? 4 : 5 + strip.lines.length + 1) - top.length)
  const blocks = blocksOf(model, facts, area)
  const drawn = scrolled(blocks, place, height, area)
  return { body: [...top, ...drawn.lines], strip, cursor: { row: top.length + drawn.cursor, column: 1 } }
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
          `   v opens ${facts.calls.length === 1 ? 'it' : `all ${facts.calls.length}`} as plain text ${area.glyphs.dot} s writes commands.sh and policies/`,
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
