import type { Plan } from '@mlflow-iam/core/plan/plan'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { AwsConnection } from '../connection.ts'
import { observeIdentity } from '../observe/observe-account.ts'

/** Signed in elsewhere, a plan would change the wrong account. */
export async function refuseOtherAccount(
  connection: AwsConnection,
  plan: Pick<Plan, 'account'>,
): Promise<{ readonly caller: string }> {
  const { account, caller } = await observeIdentity(connection)
  if (account !== plan.account) throw wrongAccount(plan, account)
  return { caller }
}

/** The refusal to carry out a plan in an account that it was not made for. */
export function wrongAccount(plan: Pick<Plan, 'account'>, account: string): Problem {
  return new Problem(
    'WRONG_ACCOUNT',
    `The plan is for account ${plan.account}, and you are signed in to ${account}.`,
    {
      why: 'A plan is made against one account and means nothing in another.',
      fix: [`Sign in to ${plan.account} (--profile), or make a plan for ${account}.`],
      exit: exitCodes.badInput,
    },
  )
}
