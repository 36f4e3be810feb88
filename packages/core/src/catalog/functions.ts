import type { S3Needs } from '../personas/persona.ts'
import { joinS3, noS3 } from './join-s3.ts'
import type { MlflowFunction } from './mlflow-function.ts'

export { findFunctions } from './find-functions.ts'
export { type Evidence, evidenceWords, type MlflowFunction, mlflowFunctions } from './mlflow-function.ts'

/** What these calls need together. Actions are bare and sorted; `alsoNeeds` holds full names. */
export function needsOf(functions: Iterable<MlflowFunction>): {
  readonly actions: readonly string[]
  readonly s3: S3Needs
  readonly alsoNeeds: readonly string[]
} {
  const actions = new Set<string>()
  const alsoNeeds = new Set<string>()
  let s3: S3Needs = noS3
  for (const entry of functions) {
    for (const action of entry.actions) actions.add(action)
    for (const action of entry.alsoNeeds) alsoNeeds.add(action)
    s3 = joinS3(s3, entry.s3)
  }
  return { actions: [...actions].sort(), s3, alsoNeeds: [...alsoNeeds].sort() }
}
