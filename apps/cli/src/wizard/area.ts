import type { Area } from '../ui/frame.ts'
import { asciiGlyphs, unicodeGlyphs } from '../ui/glyphs.ts'
import type { Model } from './model.ts'

/** How much room a model's window gives. */
export function areaOf(model: Model): Area {
  const { columns, rows } = model
  const layout = columns < 80 || rows < 24 ? 'compact' : columns >= 110 && rows >= 34 ? 'wide' : 'normal'
  return { columns, rows, layout, glyphs: model.ascii ? asciiGlyphs : unicodeGlyphs }
}
