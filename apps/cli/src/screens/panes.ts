import type { Area } from '../ui/frame.ts'
import { type Line, span, spread } from '../ui/line.ts'
import { blank } from './rows.ts'

/** Two panes side by side with a bar between them. */
export function beside(
  left: readonly Line[],
  right: readonly Line[],
  width: number,
  area: Area,
): readonly Line[] {
  const height = Math.max(left.length, right.length)
  return Array.from({ length: height }, (_, index) => [
    ...spread(left[index] ?? blank, [span(area.glyphs.bar, 'dim')], width + 1, area.glyphs.more),
    span('  '),
    ...(right[index] ?? blank),
  ])
}
