import type { ApplyEvent, ApplyOptions } from '@mlflow-iam/aws/apply/events'
import { quoteForShell } from '@mlflow-iam/core/export/shell-quote'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { type ExitCode, exitCodes } from '@mlflow-iam/core/problem'
import type { Account } from '../account/account.ts'
import { ApplyProgress } from '../output/apply-progress.ts'
import { asTyped } from '../output/as-typed.ts'
import { watchInterrupts } from '../output/interrupts.ts'
import { isTerminal } from '../output/io.ts'
import type { Call } from './command.ts'
import { readDuration } from './duration.ts'
import type { FlagValues } from './flags.ts'
import { usageProblem } from './usage-problem.ts'

type Signals = Pick<ApplyOptions, 'signal' | 'abandon'>

/** What the command line says about how to apply. */
export function applyOptions(flags: FlagValues): ApplyOptions {
  const settleMs = readDuration('--wait', flags.wait)
  const onError = flags['on-error']
  return {
    ...(flags.journal === undefined ? {} : { journal: flags.journal }),
    ...(flags.concurrency === undefined ? {} : { concurrency: readConcurrency(flags.concurrency) }),
    ...(onError === 'stop' || onError === 'continue' || onError === 'rollback' ? { onError } : {}),
    ...(settleMs === undefined ? {} : { settleMs }),
  }
}

function readConcurrency(text: string): number {
  const number = Number(text)
  if (/^\d{1,2}$/.test(text) && number >= 1 && number <= 32) return number
  throw usageProblem(
    `--concurrency ${JSON.stringify(text)} is not between 1 and 32.`,
    'It is how many calls run at once.',
    'For example: --concurrency 8',
  )
}

/** Runs an apply to its end: events as JSON lines or as progress, then how it ended, and the exit code. */
export async function runApply(
  plan: Plan,
  start: (signals: Signals) => AsyncIterable<ApplyEvent>,
  call: Pick<Call, 'io'>,
  account: Pick<Account, 'shellFlags'>,
): Promise<ExitCode> {
  return (await followApply(plan, start, call, account)).exit
}

export interface FollowedApply {
  readonly exit: ExitCode
  readonly finished?: Extract<ApplyEvent, { event: 'finished' }>
}

/** The same, and the last event. `told` stands in every JSON line beside what the event says. */
export async function followApply(
  plan: Plan,
  start: (signals: Signals) => AsyncIterable<ApplyEvent>,
  { io }: Pick<Call, 'io'>,
  account: Pick<Account, 'shellFlags'>,
  told: { readonly account?: string } = {},
): Promise<FollowedApply> {
  const { stop, leave } = watchInterrupts()
  const progress = new ApplyProgress(plan, io, isTerminal(2))
  const failures: ExitCode[] = []
  let finished: Extract<ApplyEvent, { event: 'finished' }> | undefined
  for await (const event of start({ signal: stop, abandon: leave })) {
    if (io.json) io.out(JSON.stringify({ version: 1, ...told, ...event }))
    else progress.tell(event)
    if (event.event === 'failed') failures.push(event.error.exit)
    if (event.event === 'finished') finished = event
  }
  if (!finished) return { exit: exitCodes.partlyDone }
  if (!io.json) sayEnd(finished, plan, io, account.shellFlags)
  return { exit: exitOf(finished, failures), finished }
}

function sayEnd(
  { ok, done, failed, journal, interrupted, rolledBack }: Extract<ApplyEvent, { event: 'finished' }>,
  plan: Plan,
  io: Call['io'],
  shellFlags: string,
): void {
  const total = plan.operations.length
  if (total === 0) {
    io.out('Nothing to change: the account is as the file says.')
    return
  }
  const how = rolledBack
    ? 'Everything that had been done was taken back.'
    : `${done} of ${total} done${failed > 0 ? `, ${failed} failed` : ''}.`
  io.out(interrupted ? `Interrupted: ${how}` : how)
  if (journal === null || rolledBack) return
  const name = [quoteForShell(journal), shellFlags].filter(Boolean).join(' ')
  const goOn = ok ? '' : `Go on: mlflow-iam apply --resume ${name}\n`
  io.note(asTyped(`${goOn}Undo: mlflow-iam rollback ${name}`))
}

/** The first of 5, 7, 4, 6, 8 that applies; 6 only where nothing was written. */
function exitOf(
  finished: Extract<ApplyEvent, { event: 'finished' }>,
  failures: readonly ExitCode[],
): ExitCode {
  if (finished.ok) return exitCodes.done
  if (finished.interrupted) return exitCodes.interrupted
  const written = finished.done > 0 && !finished.rolledBack
  const applying = [...failures, ...(written || failures.length === 0 ? [exitCodes.partlyDone] : [])]
  const order = [exitCodes.badInput, exitCodes.notSignedIn, exitCodes.stalePlan, exitCodes.needsAnswer]
  const first = order.find((code) => applying.includes(code))
  if (first !== undefined && !written) return first
  if (applying.includes(exitCodes.notSignedIn)) return exitCodes.notSignedIn
  return !written && applying.includes(exitCodes.accessDenied) ? exitCodes.accessDenied : exitCodes.partlyDone
}
