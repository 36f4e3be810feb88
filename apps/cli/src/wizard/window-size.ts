import type { Model } from './model.ts'

/** Smaller than this and the screens do not fit. */
export const smallest = { columns: 60, rows: 16 }

export function isTooSmall(model: Model): boolean {
  return model.columns < smallest.columns || model.rows < smallest.rows
}
