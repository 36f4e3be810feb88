import type { Operation, OperationInputs } from '@mlflow-iam/core/plan/operation'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import { patiently } from '../read.ts'
import { backOff } from '../time.ts'
import type { Run } from './run.ts'

/** Waits until SageMaker has carried out a change to a user profile: it answers at once and works on afterwards. */
export async function awaitProfile(
  run: Run,
  operation: Operation,
  { DomainId, UserProfileName }: OperationInputs['UpdateUserProfile'],
): Promise<void> {
  const { client, api } = await run.connection.sageMaker(run.plan.region)
  const started = run.timing.now()
  for (let look = 1; ; look += 1) {
    const profile = await patiently(
      () => client.send(new api.DescribeUserProfileCommand({ DomainId, UserProfileName })),
      run.timing,
    )
    if (profile.Status === 'Update_Failed' || profile.Status === 'Failed') {
      throw new Problem(
        'PROFILE_UPDATE_FAILED',
        `SageMaker could not give profile ${DomainId}/${UserProfileName} its role.`,
        {
          why: profile.FailureReason ?? 'It gave no reason.',
          fix: ['Look at the profile in SageMaker, then resume or roll back.'],
          exit: exitCodes.partlyDone,
        },
      )
    }
    if (profile.Status !== 'Updating') return
    if (run.timing.now() - started > 5 * run.settleMs) {
      throw new Problem(
        'PROFILE_UPDATE_SLOW',
        `SageMaker has not finished updating profile ${DomainId}/${UserProfileName}.`,
        {
          why: 'It is still Updating after a long wait; it may yet succeed.',
          fix: ['Resume later: what is done is found done.'],
          exit: exitCodes.partlyDone,
        },
      )
    }
    run.emit({ event: 'settling', operation: operation.id, what: 'SageMaker is updating the profile' })
    await run.timing.sleep(backOff(look, run.timing, 500, 10_000))
  }
}
