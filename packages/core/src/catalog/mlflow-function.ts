import type { S3Needs } from '../personas/persona.ts'
import { type RecordedCall, recordedCalls } from './functions.generated.ts'

/** One call form of one MLflow client function, and what it needs. */
export interface MlflowFunction {
  /** `mlflow.log_metric`, `MlflowClient.log_metric`, `mlflow.sklearn.log_model` */
  readonly name: string
  /** What sets this call form apart: `registered_model_name, new`; absent for the plain one. */
  readonly form?: string
  /** Bare MLflow action names: the union over the client versions recorded. */
  readonly actions: readonly string[]
  /** What the caller's own credentials do in the artifact bucket. */
  readonly s3: S3Needs
  /** Full names of actions beside MLflow's and S3's. */
  readonly alsoNeeds: readonly string[]
  readonly evidence: Evidence
  readonly notes: string
  /** MLflow client version -> actions; empty where all of 2.13.2, 2.16.2 and 3.0.0 call the same. */
  readonly versions: Readonly<Record<string, readonly string[]>>
}

/** How a mapping is known: recorded from a real client, read from source, or out of reach of tracking servers. */
export type Evidence = RecordedCall['evidence']

let functions: readonly MlflowFunction[] | undefined

/** Every recorded call form of every MLflow function. */
export function mlflowFunctions(): readonly MlflowFunction[] {
  functions ??= recordedCalls().flatMap(functionsOf)
  return functions
}

function functionsOf(call: RecordedCall): readonly MlflowFunction[] {
  return call.names.map((name) => ({
    name,
    ...(call.form !== undefined && { form: call.form }),
    actions: words(call.actions),
    s3: s3NeedsOfLetters(call.s3 ?? ''),
    alsoNeeds: call.alsoNeeds ?? [],
    evidence: call.evidence,
    notes: call.notes ?? '',
    versions: Object.fromEntries(
      Object.entries(call.versions ?? {}).map(([version, list]) => [version, words(list)]),
    ),
  }))
}

/** How evidence reads in a sentence. */
export const evidenceWords: Readonly<Record<Evidence, string>> = {
  measured: 'recorded from a real MLflow client',
  inferred: 'read from MLflow source or documentation, not recorded',
  'not-on-tracking-servers': 'needs a newer MLflow than tracking servers offer',
}

function words(list: string): readonly string[] {
  return list === '' ? [] : list.split(' ')
}

function s3NeedsOfLetters(letters: string): S3Needs {
  return { read: letters.includes('r'), write: letters.includes('w'), list: letters.includes('l') }
}
