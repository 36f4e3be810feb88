import type { Agreement } from '@mlflow-iam/core/plan/agreement'
import { loaded, type Model } from './model.ts'

/** The text that must be typed, exactly; `undefined` where choosing the button is enough. */
export function phraseOf(model: Model, agreement: Agreement): string | undefined {
  if (agreement.deletes > 0) return `delete ${agreement.deletes}`
  return agreement.confirm ? accountWord(model) : undefined
}

/** The account alias; its id where it has none. */
export function accountWord(model: Model): string {
  const identity = loaded(model.identity)
  return identity?.alias ?? identity?.account ?? ''
}
