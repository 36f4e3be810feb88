import { type ScreenId, screenIds } from './model.ts'

/** How many steps there are: all screens but the first question. */
export const stepCount = screenIds.length - 1

/** Which of them a screen is; 0 for the first question. */
export function stepOf(id: ScreenId): number {
  return screenIds.indexOf(id)
}
