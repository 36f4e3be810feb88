import { grantsForAccount } from '@mlflow-iam/core/grants/for-account'
import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { Account } from '../../account/account.ts'
import type { NamedAccount } from '../../account/named-accounts.ts'
import { openAccount } from '../../account/open-account.ts'
import { asTyped } from '../../output/as-typed.ts'
import type { Io } from '../../output/io.ts'
import { problemObject, renderProblem } from '../../output/report-failure.ts'
import type { Call } from '../command.ts'
import { usageProblem } from '../usage-problem.ts'
import { sourceOf } from './source-of.ts'

/** One of several accounts while a command works on it. */
export interface OneOfSeveral {
  readonly named: NamedAccount
  readonly account: Account
  /** Asked of AWS, or as the grants file has it; refuses where that could not be found out. */
  readonly id: string
  /** The grants file as it speaks of this account. */
  readonly file?: GrantsFile
}

/** What came of one account: a result, or why there is none. One that fails hides no other. */
export type Visit<T> = {
  readonly profile?: string
  readonly account?: string
} & (
  | { readonly result: T; readonly problem?: never }
  | { readonly problem: Problem; readonly result?: never }
)

export type Work<T> = (one: OneOfSeveral) => Promise<T>

/** Several accounts, open until `close`. */
export interface Several {
  /** Does the same in each, four at a time. A failure that nobody foresaw ends it all. */
  visit<T>(work: Work<T>): Promise<readonly Visit<T>[]>
  close(): void
}

/**
 * Opens every account that is named. Profiles of the command line are asked first whose they are: two that lead to
 * the same account are exit 3, before anything else is read.
 */
export async function openSeveral(
  named: readonly NamedAccount[],
  { flags }: Pick<Call, 'flags'>,
  file?: GrantsFile,
): Promise<Several> {
  const opened = named.map(({ profile, region: own, account }) => {
    const region = flags.region ?? own
    const { profile: _, region: __, ...rest } = flags
    return {
      named: { ...(profile === undefined ? {} : { profile }), ...(account === undefined ? {} : { account }) },
      account: openAccount({
        ...rest,
        ...(profile === undefined ? {} : { profile: [profile] }),
        ...(region === undefined ? {} : { region }),
      }),
    }
  })
  const ids = await inLanes(opened, ({ named: { account: id }, account }) =>
    id === undefined ? settled(account.id()) : { result: id },
  )
  refuseTwice(ids.map(({ result }, index) => ({ id: result, profile: opened[index]?.named.profile })))
  const close = () => {
    for (const { account } of opened) account.close()
  }
  return {
    close,
    visit: (work) =>
      inLanes(opened, async (each, index) => {
        const { result: id, problem } = ids[index] ?? {}
        const { profile } = each.named
        const who = {
          ...(profile === undefined ? {} : { profile }),
          ...(id === undefined ? {} : { account: id }),
        }
        if (id === undefined) return { ...who, problem: problem ?? unnamed }
        const outcome = await settled(
          (async () => work({ ...each, id, ...(file ? { file: grantsForAccount(file, id) } : {}) }))(),
        )
        return { ...who, ...outcome }
      }),
  }
}

const unnamed = new Problem('UNKNOWN_ACCOUNT', 'The account is not known.', {
  why: 'Nothing said which one it is.',
  fix: ['Give its profile: --profile NAME'],
  exit: exitCodes.badInput,
})

type Settled<T> =
  | { readonly result: T; readonly problem?: never }
  | { readonly problem: Problem; readonly result?: never }

async function settled<T>(work: Promise<T>): Promise<Settled<T>> {
  try {
    return { result: await work }
  } catch (error) {
    if (error instanceof Problem) return { problem: error }
    throw error
  }
}

function refuseTwice(
  accounts: readonly { readonly id: string | undefined; readonly profile: string | undefined }[],
): void {
  const seen = new Map<string, string>()
  for (const { id, profile = '' } of accounts) {
    if (id === undefined) continue
    const other = seen.get(id)
    if (other !== undefined) {
      throw usageProblem(
        `Profiles ${other} and ${profile} are the same account, ${id}.`,
        'Each account is meant once.',
        'Leave one of them out.',
      )
    }
    seen.set(id, profile)
  }
}

const lanes = 4

async function inLanes<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => R | Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = new Array(items.length)
  let next = 0
  const lane = async () => {
    while (next < items.length) {
      const index = next
      next += 1
      results[index] = await work(items[index] as T, index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane))
  return results
}

/** `ml-prod (210987654321), profile prod`, as far as it is known. */
export function accountWords({
  account,
  alias,
  profile,
}: {
  readonly account?: string
  readonly alias?: string
  readonly profile?: string
}): string {
  const name = alias === undefined ? account : `${alias} (${account})`
  const by = profile === undefined ? '' : `profile ${profile}`
  return [name, by].filter(Boolean).join(', ')
}

/** The same streams, each line on the side told apart by its account. */
export function ioOf(who: Parameters<typeof accountWords>[0], io: Io): Io {
  const name = who.profile ?? who.account
  return { ...io, note: (text) => io.note(`${name}: ${text}`) }
}

/** Says on standard error what kept accounts from an answer, each under its name. */
export function tellProblems(visits: readonly Visit<unknown>[], io: Io): void {
  for (const { problem, ...who } of visits) {
    if (problem) io.error(`\n${io.paintError.strong(accountWords(who))}\n${renderProblem(problem, io)}`)
  }
}

/** `{account, profile, …}` for the list of accounts in JSON: what was found there, or the error. */
export function visitObjects<T>(
  visits: readonly Visit<T>[],
  describe: (result: T) => object,
): readonly object[] {
  return visits.map(({ account, profile, result, problem }) => ({
    account: account ?? null,
    profile: profile ?? null,
    ...(problem ? { error: problemObject(problem) } : describe(result)),
  }))
}

const order: readonly number[] = [
  exitCodes.interrupted,
  exitCodes.badInput,
  exitCodes.notSignedIn,
  exitCodes.stalePlan,
  exitCodes.needsAnswer,
  exitCodes.accessDenied,
  exitCodes.partlyDone,
  exitCodes.differences,
  exitCodes.overLevel,
  exitCodes.changes,
]

/** One exit code for several accounts: the first of 3, 5, 7, 4, 6, 8, 9, 10, 2 that any of them has. */
export function exitOfSeveral(codes: readonly number[]): number {
  return order.find((code) => codes.includes(code)) ?? codes.find((code) => code !== 0) ?? exitCodes.done
}

/** The exit codes of accounts that failed, and of those that did not. */
export function exitsOf<T>(visits: readonly Visit<T>[], exitOf: (result: T) => number): readonly number[] {
  return visits.map((visit) => (visit.problem ? visit.problem.exit : exitOf(visit.result as T)))
}

/** From here on a script for each account is the hard way. */
const handful = 5

/** For many accounts there is a better way, said once on standard error. */
export function pointToStackSets(
  named: readonly NamedAccount[],
  { flags, io }: Pick<Call, 'flags' | 'io'>,
): void {
  if (named.length < handful) return
  const first = named[0]?.profile
  const command = `mlflow-iam export ${sourceOf(flags, first)} --format stackset -o stackset`
  io.note(
    `\n${named.length} accounts: CloudFormation StackSets carry one template to all of them.\n${asTyped(command)}`,
  )
}
