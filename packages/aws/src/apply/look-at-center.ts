import type { OperationInputs } from '@mlflow-iam/core/plan/operation'
import type { PermissionSet, UserProfile } from '@mlflow-iam/core/snapshot/snapshot'
import { pages } from '../observe/read-servers.ts'
import { ask, type Found, type Look } from './look.ts'

interface SetInput {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
}

/** The policies that a permission set refers to. */
export const lookAtReferences = async (look: Look, input: SetInput): Promise<Found> => {
  const { client, api } = await look.connection.ssoAdmin()
  const references = await pages(async (NextToken) => {
    const page = await ask(look, () =>
      client.send(
        new api.ListCustomerManagedPolicyReferencesInPermissionSetCommand({
          InstanceArn: input.InstanceArn,
          PermissionSetArn: input.PermissionSetArn,
          ...NextToken,
        }),
      ),
    )
    return [page?.CustomerManagedPolicyReferences ?? [], page?.NextToken]
  })
  const customerManaged = references.map(({ Name, Path }) => ({ name: Name ?? '', path: Path ?? '/' }))
  return { permissionSets: [setOf(input, { customerManaged })] }
}
/** The inline policy of a permission set. */
export const lookAtInlineOfSet = async (look: Look, input: SetInput): Promise<Found> => {
  const { client, api } = await look.connection.ssoAdmin()
  const { InstanceArn, PermissionSetArn } = input
  const answer = await ask(look, () =>
    client.send(new api.GetInlinePolicyForPermissionSetCommand({ InstanceArn, PermissionSetArn })),
  )
  return { permissionSets: [setOf(input, answer?.InlinePolicy ? { inlinePolicy: answer.InlinePolicy } : {})] }
}
/** The execution role of a SageMaker user profile. */
export const lookAtProfile = async (
  look: Look,
  { DomainId, UserProfileName }: OperationInputs['UpdateUserProfile'],
): Promise<Found> => {
  const { client, api } = await look.connection.sageMaker(look.plan.region)
  const answer = await ask(look, () =>
    client.send(new api.DescribeUserProfileCommand({ DomainId, UserProfileName })),
  )
  const role = answer?.UserSettings?.ExecutionRole
  const profile: UserProfile = { domain: DomainId, name: UserProfileName, arn: '', region: look.plan.region }
  return answer ? { profiles: [role === undefined ? profile : { ...profile, role }] } : {}
}

function setOf(input: SetInput, found: Partial<PermissionSet>): PermissionSet {
  const { InstanceArn, PermissionSetArn } = input
  return {
    ...{ arn: PermissionSetArn, instanceArn: InstanceArn, name: '' },
    ...{ managedPolicies: [], customerManaged: [], accounts: [] },
    ...found,
  }
}
