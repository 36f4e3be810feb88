import { exitCodes } from '@mlflow-iam/core/problem'
import { exitOf } from '../commands/verified.ts'
import type { Model } from './model.ts'
import { doneOf } from './run.ts'

/**
 * Leaving is no failure, unless something was left half done in AWS, or the check was the last thing seen and did not
 * come out well: then the wizard ends as plain mode and `verify` do.
 */
export function exitCodeOf(model: Model): number {
  const code = model.exit?.code ?? 143
  if (code !== 0) return code
  if (model.run.state === 'failed' && doneOf(model.run) > 0) return exitCodes.partlyDone
  return model.screen === 'verify' ? verifiedExit(model) : code
}

/** The exit code of `verify`, or of what kept the check from reading; 0 where nothing was checked. */
export function verifiedExit({ verification }: Model): number {
  if (verification.state === 'failed') return verification.notice.exit
  return verification.state === 'ready' ? exitOf(verification.value) : exitCodes.done
}
