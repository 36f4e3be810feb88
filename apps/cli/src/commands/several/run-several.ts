import type { ApplyOptions } from '@mlflow-iam/aws/apply/events'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { Account } from '../../account/account.ts'
import { asTyped } from '../../output/as-typed.ts'
import { problemObject, renderProblem } from '../../output/report-failure.ts'
import type { Call } from '../command.ts'
import { type FollowedApply, followApply } from '../run-apply.ts'
import { accountWords, exitOfSeveral } from './accounts.ts'
import { sourceOf } from './source-of.ts'

/** An account whose plan is agreed to. */
export interface ReadyAccount {
  readonly plan: Plan
  readonly account: Account
  readonly alias?: string
  readonly profile?: string
}

interface Ended extends Omit<FollowedApply, 'exit'> {
  readonly one: ReadyAccount
  readonly exit: number
}

/**
 * Applies in one account after the other. After one that failed the others are not begun, unless `--on-error continue`
 * says so; after an interruption never.
 */
export async function runSeveral(
  ready: readonly ReadyAccount[],
  options: ApplyOptions,
  call: Call,
): Promise<number> {
  const { flags, io } = call
  const ended: Ended[] = []
  for (const one of ready) {
    const last = ended.at(-1)?.exit ?? exitCodes.done
    if (last === exitCodes.interrupted || (last !== exitCodes.done && flags['on-error'] !== 'continue')) break
    if (!io.json) io.note(`\n${io.paintError.strong(wordsOf(one))}`)
    ended.push({ one, ...(await applyOne(one, options, call)) })
  }
  const rest = ready.slice(ended.length)
  if (rest.length > 0) sayNotBegun(rest, call)
  if (io.json) io.out(JSON.stringify(endObject(ended, rest)))
  return exitOf(ended)
}

/** A refusal before the first event ends this account's turn, not the program: others may have been written. */
async function applyOne(one: ReadyAccount, options: ApplyOptions, call: Call): Promise<Omit<Ended, 'one'>> {
  const { plan, account } = one
  const { io } = call
  const id = { account: plan.account }
  // With several results on standard output, each says whose it is.
  const own = io.json ? io : { ...io, out: (text: string) => io.out(`${one.alias ?? plan.account}: ${text}`) }
  try {
    const [{ applyPlan }, connection] = await Promise.all([
      import('../../account/applying.ts'),
      account.connection(),
    ])
    const start = (signals: object) => applyPlan(connection, plan, { ...options, ...signals })
    return await followApply(plan, start, { io: own }, account, id)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    io.error(renderProblem(error, io))
    if (io.json) io.out(JSON.stringify({ version: 1, ...id, error: problemObject(error) }))
    return { exit: error.exit }
  }
}

function wordsOf({ plan, alias, profile }: ReadyAccount): string {
  return accountWords({
    account: plan.account,
    ...(alias === undefined ? {} : { alias }),
    ...(profile === undefined ? {} : { profile }),
  })
}

function sayNotBegun(rest: readonly ReadyAccount[], { flags, io }: Call): void {
  const names = rest.map((one) => `Not begun: ${wordsOf(one)}.`)
  const source = sourceOf(flags, ...rest.map(({ profile }) => profile))
  io.note(['', ...names, asTyped(`Go on there: mlflow-iam apply ${source}`)].join('\n'))
}

/** The last JSON line: how it went as a whole, and in each account. */
function endObject(ended: readonly Ended[], rest: readonly ReadyAccount[]): object {
  const sum = (key: 'done' | 'failed') =>
    ended.reduce((total, { finished }) => total + (finished?.[key] ?? 0), 0)
  const accounts = [
    ...ended.map(({ one, finished }) => ({
      ...who(one),
      ok: finished?.ok ?? false,
      done: finished?.done ?? 0,
      failed: finished?.failed ?? 0,
      journal: finished?.journal ?? null,
    })),
    ...rest.map((one) => ({ ...who(one), ok: false, begun: false })),
  ]
  const ok = accounts.every((each) => each.ok)
  return {
    version: 1,
    event: 'finished',
    ok,
    done: sum('done'),
    failed: sum('failed'),
    journal: null,
    accounts,
  }
}

function who({ plan, profile = null }: Omit<ReadyAccount, 'profile'> & { profile?: string | null }): object {
  return { account: plan.account, profile }
}

/** As for one account, taken together: where anything was written, what failed elsewhere leaves it partly done. */
function exitOf(ended: readonly Ended[]): number {
  const codes = ended.map(({ exit }) => exit)
  const written = ended.some(({ finished }) => (finished?.done ?? 0) > 0 && !finished?.rolledBack)
  const first = exitOfSeveral(codes)
  const keeps: readonly number[] = [exitCodes.done, exitCodes.interrupted, exitCodes.notSignedIn]
  if (!written || keeps.includes(first)) return first
  return codes.includes(exitCodes.notSignedIn) ? exitCodes.notSignedIn : exitCodes.partlyDone
}
