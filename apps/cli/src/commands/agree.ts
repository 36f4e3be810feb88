import { agreementOf } from '@mlflow-iam/core/plan/agreement'
import type { Operation } from '@mlflow-iam/core/plan/operation'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import { count } from '../output/count.ts'
import type { Io } from '../output/io.ts'
import type { FlagValues } from './flags.ts'
import { usageProblem } from './usage-problem.ts'

export type AgreementFlags = Pick<FlagValues, 'yes' | 'confirm' | 'allow-delete'>

/**
 * Makes sure that somebody agreed to a plan: by flags, or by an answer in a terminal. Otherwise exit 4, with
 * nothing sent. `alias` is the account's alias, or its id where there is none; `look` says where to see the plan.
 */
export async function agreeTo(
  plan: Plan,
  alias: string,
  flags: AgreementFlags,
  io: Io,
  look: string,
): Promise<void> {
  const allowed = allowedDeletes(flags['allow-delete'])
  const wrong = flags.confirm?.find((given) => given !== alias)
  if (wrong !== undefined) throw wrongConfirmation(wrong, alias)
  const { changes, confirm, deletes, reasons } = agreementOf(plan)
  if (!changes) return
  const confirmed = flags.confirm !== undefined
  const asked = io.canAsk && !confirmed && (confirm || !flags.yes)
  const missing = [`--confirm ${alias}`, ...(deletes > allowed ? [`--allow-delete ${deletes}`] : [])]
  if (!asked && confirm && !confirmed) throw needsConfirmation(reasons, missing, look)
  if (!asked && !confirmed && !flags.yes) throw needsAgreement(plan, look)
  if (deletes > allowed && !io.canAsk) throw tooManyDeletes(deletes, allowed)
  if (asked || deletes > allowed) {
    const { askAgreement } = await import('./ask-agreement.ts')
    const questions = {
      ...(asked
        ? confirm
          ? { typed: [alias] }
          : { yes: `Apply ${count(plan.operations.length, 'change')}?` }
        : {}),
      ...(deletes > allowed ? { deletes } : {}),
      reasons,
    }
    await askAgreement(questions, io)
  }
}

/** The part of a plan that is still to be sent, for what it needs agreement to. */
export function partOf(plan: Plan, operations: readonly Operation[]): Plan {
  const numberOf = (test: (operation: Operation) => boolean) => operations.filter(test).length
  const totals = {
    adds: numberOf(({ risk }) => risk === 'adds'),
    changes: numberOf(({ risk }) => risk === 'changes'),
    removes: numberOf(({ risk }) => risk === 'removes'),
    deletes: numberOf(({ action }) => action === 'DeletePolicy' || action === 'DeleteRole'),
  }
  return { ...plan, operations, totals }
}

/** N of `--allow-delete`; 0 without it. */
export function allowedDeletes(text: string | undefined): number {
  if (text === undefined) return 0
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw usageProblem(
    `--allow-delete ${JSON.stringify(text)} is no number.`,
    'It takes a whole number.',
    'For example: --allow-delete 2',
  )
}

/** Exit 4. */
export function needsAnswer(code: string, what: string, why: string, ...fix: readonly string[]): Problem {
  return new Problem(code, what, { why, fix, exit: exitCodes.needsAnswer })
}

function needsAgreement(plan: Plan, look: string): Problem {
  return needsAnswer(
    'NEEDS_AGREEMENT',
    `The plan makes ${count(plan.operations.length, 'change')}, and nobody agreed to it.`,
    'Standard input and output are not a terminal that could be asked, and no flag says yes. Nothing was sent.',
    look,
    'Then add --yes.',
  )
}

function needsConfirmation(reasons: readonly string[], missing: readonly string[], look: string): Problem {
  return needsAnswer(
    'NEEDS_CONFIRMATION',
    `The plan needs ${missing.join(' and ')}.`,
    `${someOf(reasons)} Nothing was sent.`,
    look,
    `Then add ${missing.join(' ')}.`,
  )
}

/** The first of many: all of them are in the plan, and 40 in one sentence say less. */
function someOf(reasons: readonly string[]): string {
  const more = reasons.length - mostReasons
  return more < 2
    ? reasons.join(' ')
    : `${reasons.slice(0, mostReasons).join(' ')} And ${more} more like these.`
}

const mostReasons = 4

function wrongConfirmation(given: string, alias: string): Problem {
  return needsAnswer(
    'WRONG_CONFIRMATION',
    `--confirm ${JSON.stringify(given)} is not this account.`,
    `The account is called ${alias}. Nothing was sent.`,
    `If ${alias} is the account that you mean: --confirm ${alias}`,
  )
}

export function tooManyDeletes(deletes: number, allowed: number): Problem {
  return needsAnswer(
    'TOO_MANY_DELETES',
    `The plan deletes ${count(deletes, 'policy or role', 'policies and roles')}; at most ${allowed} may be.`,
    'Deleting a policy or role is allowed by number only. Nothing was sent.',
    `Add --allow-delete ${deletes} if that is meant.`,
  )
}
