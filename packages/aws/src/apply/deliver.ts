import type { Effect } from '@mlflow-iam/core/journal/find-effect'
import { requestOf, resolveValues } from '@mlflow-iam/core/journal/resolve-values'
import { subjectsOf } from '@mlflow-iam/core/journal/subjects'
import type { Operation, Request } from '@mlflow-iam/core/plan/operation'
import { arnName } from '@mlflow-iam/core/policy/arn'
import { exitCodes } from '@mlflow-iam/core/problem'
import { type FailureKind, failureKind, readError, retryAfter } from '../failure.ts'
import { type Doing, toProblem } from '../refusals.ts'
import { backOff } from '../time.ts'
import { awaitProfile } from './await-profile.ts'
import { answerValues, fullActionName, sendRequest } from './commands.ts'
import { completeInverse } from './complete-inverse.ts'
import { probeEffect } from './probe.ts'
import { awaitProvisioning } from './provisioning.ts'
import type { Outcome, Run } from './run.ts'

const tries = 6

/**
 * Carries out one operation: writes it down, sends it, and finds out what became of it. A call whose answer got
 * lost is never simply repeated: AWS is asked first.
 */
export async function deliver(run: Run, operation: Operation): Promise<Outcome> {
  const request = requestOf(operation, run.answers)
  const { id, action } = operation
  const started = run.timing.now()
  let inverse = resolveValues(operation.inverse, run.answers)
  try {
    inverse = await completeInverse(run.connection, request, inverse, run.timing)
  } catch (error) {
    return fail(run, operation, error)
  }
  await run.write({ event: 'sending', operation: id, action, input: request.input, inverse, at: run.now() })
  run.emit({ event: 'sending', operation: id, action, at: run.now() })
  const result = await sendUntilClear(run, operation, request)
  if (result.state === 'unknown') return 'unknown'
  if (result.state === 'interrupted') {
    const why = 'AWS had not taken the call when the run was interrupted.'
    await run.write({ event: 'failed', operation: id, code: 'INTERRUPTED', why, at: run.now() })
    return 'interrupted'
  }
  if (result.state === 'failed') {
    // Written down as refused only where AWS said so: anything else may have taken effect.
    if (result.hadNoEffect) {
      const { code, why } = toProblem(result.error, doing(run, operation))
      await run.write({ event: 'failed', operation: id, code, why, at: run.now() })
    }
    return fail(run, operation, result.error)
  }
  const already = result.already ? ({ already: true } as const) : {}
  await run.write({ event: 'done', operation: id, at: run.now(), ...already, ...answerOf(result.answer) })
  run.answers.set(id, result.answer)
  for (const subject of Object.values(subjectsOf(operation))) run.touched.add(subject)
  run.emit({ event: 'done', operation: id, ms: Math.round(run.timing.now() - started), ...already })
  return 'done'
}

function fail(run: Run, operation: Operation, error: unknown): Outcome {
  const { code, what, why, fix, exit } = toProblem(error, doing(run, operation))
  run.emit({ event: 'failed', operation: operation.id, error: { code, what, why, fix, exit } })
  // Without sign-in or network every other call would fail the same way.
  if (exit === exitCodes.notSignedIn || code === 'ENDPOINT_UNREACHABLE') run.stop()
  return 'failed'
}

type Result =
  | { readonly state: 'done'; readonly answer: Readonly<Record<string, string>>; readonly already?: boolean }
  | { readonly state: 'failed'; readonly error: unknown; readonly hadNoEffect: boolean }
  | { readonly state: 'interrupted' }
  | { readonly state: 'unknown' }

async function sendUntilClear(run: Run, operation: Operation, request: Request): Promise<Result> {
  let lostAnswer = false
  let settlingSince: number | undefined
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await sendRequest(run.connection, request, run.plan.region)
      if (request.action === 'ProvisionPermissionSet')
        await awaitProvisioning(run, operation, request.input, answer)
      if (request.action === 'UpdateUserProfile') await awaitProfile(run, operation, request.input)
      run.pace.succeeded()
      return { state: 'done', answer: answerValues(answer) }
    } catch (error) {
      const kind = failureKind(error)
      if (kind === 'unclear') lostAnswer = true
      if (kind === 'unclear' || kind === 'exists' || kind === 'missing' || isConflict(error)) {
        if (kind === 'unclear')
          settling(run, operation, `no answer; asking AWS what became of it (try ${attempt} of ${tries})`)
        const effect = await findOut(run, request, kind, lostAnswer)
        if (effect.state === 'there') return { state: 'done', answer: effect.answer, already: !lostAnswer }
      }
      if (isSettling(run, operation, kind, error)) {
        settlingSince ??= run.timing.now()
        if (run.timing.now() - settlingSince < run.settleMs) {
          settling(run, operation, `waiting until AWS shows ${subjectWords(request)} everywhere`)
          await run.timing.sleep(backOff(attempt, run.timing, 500, 10_000), run.stopping)
          if (run.stopping.aborted) return { state: 'interrupted' }
          continue
        }
      } else if (attempt < tries && isWorthATry(kind)) {
        await pause(run, operation, kind, attempt, error)
        if (!run.stopping.aborted) continue
        return { state: lostAnswer ? 'unknown' : 'interrupted' }
      }
      return { state: 'failed', error, hadNoEffect: !lostAnswer }
    }
  }
}

function isWorthATry(kind: FailureKind): boolean {
  return kind === 'throttled' || kind === 'busy' || kind === 'unclear' || kind === 'unreachable'
}

/**
 * True where AWS refuses only because it does not see yet what this run has just done: a role or policy that
 * another of its servers does not know, a detachment or a freed version slot that has not arrived there; or
 * an earlier provisioning of the same permission set that is still going on.
 */
function isSettling(run: Run, operation: Operation, kind: FailureKind, error: unknown): boolean {
  const { holder, policy } = subjectsOf(operation)
  const isFresh = (subject: string | undefined) => subject !== undefined && run.touched.has(subject)
  const { name, message } = readError(error)
  if (kind === 'missing')
    return /\b(user|group|role) with name\b/i.test(message) ? isFresh(holder) : isFresh(policy)
  if (isConflict(error)) return operation.action === 'ProvisionPermissionSet'
  if (/^DeleteConflict/.test(name)) return isFresh(holder) || isFresh(policy)
  if (/^LimitExceeded/.test(name)) return operation.action === 'CreatePolicyVersion' && isFresh(policy)
  if (operation.action === 'UpdateUserProfile' && /^Validation/.test(name)) {
    // SageMaker sees a role that was made a moment ago later than IAM does.
    return isFresh(`role/${arnName(operation.input.UserSettings.ExecutionRole)}`) && /role/i.test(message)
  }
  return /^MalformedPolicyDocument/.test(name) && /invalid principal/i.test(message) && run.touched.size > 0
}

/** Identity Center says the same of what is there already and of what somebody else is changing. */
function isConflict(error: unknown): boolean {
  return readError(error).name === 'ConflictException'
}

/** How often a lost answer is looked for before anything else is concluded. A version made twice would stay. */
const looks = 5

async function findOut(run: Run, request: Request, kind: FailureKind, lostAnswer: boolean): Promise<Effect> {
  const look = { connection: run.connection, timing: run.timing, plan: run.plan }
  const repeatable = kind === 'unclear' && request.action !== 'CreatePolicyVersion'
  const often = lostAnswer && !repeatable ? looks : 1
  for (let turn = 1; ; turn += 1) {
    try {
      const effect = await probeEffect(look, request)
      if (effect.state === 'there' || turn >= often) return effect
    } catch (error) {
      // Not being allowed or able to look is no answer; the caller decides with what it knows.
      if (turn >= often || failureKind(error) === 'denied') return { state: 'cannot-tell' }
    }
    await run.timing.sleep(backOff(turn, run.timing, 1_000))
  }
}

async function pause(
  run: Run,
  operation: Operation,
  kind: FailureKind,
  attempt: number,
  error: unknown,
): Promise<void> {
  const waitMs = Math.max(backOff(attempt, run.timing), retryAfter(error, run.timing.now()) ?? 0)
  if (kind === 'throttled') {
    run.pace.slowDown()
    run.emit({
      ...{ event: 'throttled', operation: operation.id, attempt, of: tries, waitMs },
      concurrency: run.pace.limit,
    })
  } else if (kind === 'busy')
    settling(run, operation, `somebody else is changing it (try ${attempt} of ${tries})`)
  else if (kind === 'unreachable') settling(run, operation, `no connection (try ${attempt} of ${tries})`)
  await run.timing.sleep(waitMs, run.stopping)
}

function settling(run: Run, operation: Operation, what: string): void {
  run.emit({ event: 'settling', operation: operation.id, what })
}

function answerOf(answer: Readonly<Record<string, string>>) {
  return Object.keys(answer).length === 0 ? {} : { answer }
}

function doing(run: Run, operation: Operation): Doing {
  return {
    action: fullActionName(operation.action),
    words: `${operation.action} ${subjectWords(operation)}`,
    profile: run.connection.settings.profile,
    endpoint: run.connection.place.startsWith('http') ? run.connection.place : undefined,
    wrote: true,
  }
}

function subjectWords(request: Request): string {
  const { holder, policy } = subjectsOf(request)
  const input: Readonly<Record<string, unknown>> = { ...request.input }
  const name = typeof input.PolicyArn === 'string' ? arnName(input.PolicyArn) : policy?.replace('policy/', '')
  return [name && `policy ${name}`, holder?.replace('/', ' ')].filter(Boolean).join(' of ')
}
