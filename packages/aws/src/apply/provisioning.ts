import type { Operation, OperationInputs } from '@mlflow-iam/core/plan/operation'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import { isNotOffered } from '../failure.ts'
import { patiently } from '../read.ts'
import { backOff } from '../time.ts'
import type { Run } from './run.ts'

/** Waits until Identity Center has carried a permission set into its accounts, as it says itself. */
export async function awaitProvisioning(
  run: Run,
  operation: Operation,
  input: OperationInputs['ProvisionPermissionSet'],
  answer: unknown,
): Promise<void> {
  let status = statusOf(answer)
  const started = run.timing.now()
  const { client, api } = await run.connection.ssoAdmin()
  for (let look = 1; status?.Status === 'IN_PROGRESS'; look += 1) {
    if (run.timing.now() - started > 5 * run.settleMs) throw late(input.PermissionSetArn)
    run.emit({
      event: 'settling',
      operation: operation.id,
      what: 'Identity Center is carrying it into the accounts',
    })
    await run.timing.sleep(backOff(look, run.timing, 500, 10_000))
    const request = {
      InstanceArn: input.InstanceArn,
      ProvisionPermissionSetRequestId: status.RequestId ?? '',
    }
    try {
      status = statusOf(
        await patiently(
          () => client.send(new api.DescribePermissionSetProvisioningStatusCommand(request)),
          run.timing,
        ),
      )
    } catch (error) {
      if (isNotOffered(error)) return
      throw error
    }
  }
  if (status?.Status === 'FAILED') {
    throw new Problem(
      'PROVISIONING_FAILED',
      `Identity Center could not provision ${input.PermissionSetArn}.`,
      {
        why: status.FailureReason ?? 'It gave no reason.',
        fix: [
          'Every account that the permission set is assigned to needs the policies that it names, under the same path.',
          'Put them there, then resume.',
        ],
        exit: exitCodes.partlyDone,
      },
    )
  }
}

interface Status {
  readonly Status?: string
  readonly RequestId?: string
  readonly FailureReason?: string
}

function statusOf(answer: unknown): Status | undefined {
  if (typeof answer !== 'object' || answer === null || !('PermissionSetProvisioningStatus' in answer))
    return undefined
  return (answer.PermissionSetProvisioningStatus ?? undefined) as Status | undefined
}

function late(arn: string): Problem {
  return new Problem('PROVISIONING_SLOW', `Identity Center has not finished provisioning ${arn}.`, {
    why: 'It is still IN_PROGRESS after a long wait; it may yet succeed.',
    fix: ['Resume later: provisioning again is harmless.'],
    exit: exitCodes.partlyDone,
  })
}
