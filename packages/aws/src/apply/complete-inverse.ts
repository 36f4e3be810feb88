import type { Request } from '@mlflow-iam/core/plan/operation'
import type { AwsConnection } from '../connection.ts'
import { failureKind } from '../failure.ts'
import { given } from '../given.ts'
import { patiently } from '../read.ts'
import type { Timing } from '../time.ts'

/**
 * Reads what a deletion is about to destroy and one read of the account does not show: a policy's tags, a role's
 * description and session length. Where that may not be read, or is gone, the inverse stays as the plan has it;
 * where AWS gives no answer, this fails: nothing is destroyed that cannot be written down first.
 */
export async function completeInverse(
  connection: AwsConnection,
  request: Request,
  inverse: readonly Request[],
  timing: Timing,
): Promise<readonly Request[]> {
  if (request.action !== 'DeletePolicy' && request.action !== 'DeleteRole') return inverse
  const { client, api } = await connection.iam()
  try {
    if (request.action === 'DeletePolicy') {
      const { Policy: policy } = await patiently(
        () => client.send(new api.GetPolicyCommand(request.input)),
        timing,
      )
      return inverse.map((step) =>
        step.action === 'CreatePolicy' && policy
          ? {
              ...step,
              input: { ...step.input, ...tagsOf(policy.Tags), ...given('Description', policy.Description) },
            }
          : step,
      )
    }
    const { Role: role } = await patiently(() => client.send(new api.GetRoleCommand(request.input)), timing)
    return inverse.map((step) =>
      step.action === 'CreateRole' && role
        ? {
            ...step,
            input: {
              ...step.input,
              ...tagsOf(role.Tags),
              ...given('Description', role.Description),
              ...given('MaxSessionDuration', role.MaxSessionDuration),
            },
          }
        : step,
    )
  } catch (error) {
    if (['denied', 'missing'].includes(failureKind(error))) return inverse
    throw error
  }
}

function tagsOf(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
) {
  return tags === undefined ? {} : { Tags: tags.map(({ Key = '', Value = '' }) => ({ Key, Value })) }
}
