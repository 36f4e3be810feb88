import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { Account } from '../account/account.ts'
import { readGrants } from '../files/read-grants.ts'
import { readPlan } from '../files/read-plan.ts'
import type { Call } from './command.ts'
import { type Planned, planFile } from './plan-file.ts'
import { usageProblem } from './usage-problem.ts'

/** Where a command takes its plan from: `PLAN | -f FILE`. */
export type PlanSource =
  | { readonly kind: 'plan'; readonly path: string; readonly plan: Plan }
  | { readonly kind: 'file'; readonly path: string }

/** Reads the command line's plan, or remembers its grants file. Both or neither is exit 3. */
export function findPlanSource({
  command,
  arguments: [path],
  flags,
}: Pick<Call, 'command' | 'arguments' | 'flags'>): PlanSource {
  if (path !== undefined && flags.file !== undefined) {
    throw usageProblem(
      'A plan and a grants file are given.',
      `${command.name} takes one of them.`,
      'Leave one out.',
    )
  }
  if (path !== undefined) {
    if (flags.prune) {
      throw usageProblem(
        '--prune comes too late for a plan.',
        'Whether to prune was decided when it was made.',
        'Plan again with --prune.',
      )
    }
    return { kind: 'plan', path, plan: readPlan(path) }
  }
  if (flags.file === undefined) {
    throw usageProblem(
      `${command.name} needs a plan or a grants file.`,
      'Neither is given.',
      `For example: mlflow-iam ${command.name} -f grants.yaml`,
    )
  }
  return { kind: 'file', path: flags.file }
}

export interface PlanSourceOptions {
  /** How much of the account a saved plan wants read. */
  readonly wanted?: 'everything' | 'operations'
  /** The grants file, where it was read already: standard input can be read once. */
  readonly file?: GrantsFile | undefined
  /** The profile that is to lead to the file's account. */
  readonly profile?: string | undefined
}

/** The plan of that source, with the account as it is now. A saved plan is not checked for staleness here. */
export async function openPlanSource(
  source: PlanSource,
  account: Account,
  flags: Call['flags'],
  { wanted = 'everything', file, profile }: PlanSourceOptions = {},
): Promise<Planned> {
  if (source.kind === 'file') return planFile(file ?? readGrants(source.path), account, flags, { profile })
  const { plan } = source
  const snapshot = await account.observe({
    ...(wanted === 'operations' ? { operationsOf: plan } : { plan }),
    expected: plan.account,
    expectedBy: 'The plan',
  })
  return { plan, snapshot }
}
