import type { Request } from '@mlflow-iam/core/plan/operation'
import type { AwsConnection } from '../connection.ts'

/**
 * Reads what a deletion is about to destroy and one read of the account does not show: a policy's tags, a role's
 * description and session length. Where that is refused, the inverse stays as the plan has it.
 */
export async function completeInverse(
  connection: AwsConnection,
  request: Request,
  inverse: readonly Request[],
): Promise<readonly Request[]> {
  if (request.action !== 'DeletePolicy' && request.action !== 'DeleteRole') return inverse
  const { client, api } = await connection.iam()
  try {
    if (request.action === 'DeletePolicy') {
      const { Policy: policy } = await client.send(new api.GetPolicyCommand(request.input))
      return inverse.map((step) =>
        step.action === 'CreatePolicy' && policy
          ? {
              ...step,
              input: { ...step.input, ...tagsOf(policy.Tags), ...given('Description', policy.Description) },
            }
          : step,
      )
    }
    const { Role: role } = await client.send(new api.GetRoleCommand(request.input))
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
  } catch {
    return inverse
  }
}

function tagsOf(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
) {
  return tags === undefined ? {} : { Tags: tags.map(({ Key = '', Value = '' }) => ({ Key, Value })) }
}

function given<K extends string, V>(key: K, value: V | undefined) {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V }
}
