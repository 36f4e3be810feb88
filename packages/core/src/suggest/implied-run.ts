import { findFunctions } from '../catalog/find-functions.ts'
import type { CallArguments } from './call-arguments.ts'
import type { FoundCall } from './code-reading.ts'
import type { Scope, Site } from './python-module.ts'

/** A call found, with what tells whether a run is active around it. */
export interface RunCall {
  readonly call: FoundCall
  readonly site: Site
  readonly unitIndex: number
  readonly arguments: CallArguments | undefined
}

/** Functions that start a run of their own where none is active. */
const logsToActiveRun =
  /^mlflow\.(delete_tag|get_artifact_uri|log_(artifacts?|dict|figure|image|inputs?|metrics?|outputs|params?|table|text)|set_tags?|(\w+\.)?log_model)$/

/**
 * The run that the first logging call starts by itself, where the code starts none before it.
 * Code inside a function is taken to run within a `with mlflow.start_run()` that stands anywhere.
 */
export function impliedRun(calls: readonly RunCall[], everywhere: readonly RunCall[]): readonly FoundCall[] {
  const starts = calls.filter(isStart)
  const isWithin = everywhere.some((entry) => isStart(entry) && (isWithBlock(entry.site) || creates(entry)))
  for (const entry of calls) {
    if (!logsToActiveRun.test(entry.call.function) || entry.arguments?.keywords.has('run_id')) continue
    if (starts.some((start) => comesBefore(start, entry))) continue
    if (isWithin && isInFunction(entry.site.scope)) continue
    const forms = findFunctions('mlflow.start_run').filter((form) => form.form === 'until end_run')
    return [{ ...entry.call, function: `mlflow.start_run (implied by ${entry.call.function})`, forms }]
  }
  return []
}

function isStart(entry: RunCall): boolean {
  return entry.call.function.endsWith('.start_run')
}

function creates(entry: RunCall): boolean {
  return entry.call.forms.some((form) => form.actions.includes('CreateRun'))
}

function comesBefore(one: RunCall, other: RunCall): boolean {
  if (one.unitIndex !== other.unitIndex) return one.unitIndex < other.unitIndex
  return one.site.node.from < other.site.node.from
}

function isWithBlock(site: Site): boolean {
  return site.node.parent?.name === 'WithStatement'
}

function isInFunction(scope: Scope): boolean {
  for (let holder: Scope | undefined = scope; holder; holder = holder.parent) {
    if (holder.kind === 'function') return true
  }
  return false
}
