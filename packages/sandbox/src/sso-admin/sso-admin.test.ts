import { CreatePolicyCommand, GetRoleCommand, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam'
import {
  ListGroupMembershipsCommand,
  ListGroupsCommand,
  ListUsersCommand,
} from '@aws-sdk/client-identitystore'
import { DescribeOrganizationCommand, ListAccountsCommand } from '@aws-sdk/client-organizations'
import {
  AttachCustomerManagedPolicyReferenceToPermissionSetCommand,
  AttachManagedPolicyToPermissionSetCommand,
  DeleteInlinePolicyFromPermissionSetCommand,
  DescribePermissionSetCommand,
  DescribePermissionSetProvisioningStatusCommand,
  DetachCustomerManagedPolicyReferenceFromPermissionSetCommand,
  DetachManagedPolicyFromPermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  ListAccountAssignmentsCommand,
  ListAccountsForProvisionedPermissionSetCommand,
  ListCustomerManagedPolicyReferencesInPermissionSetCommand,
  ListInstancesCommand,
  ListManagedPoliciesInPermissionSetCommand,
  ListPermissionSetsCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  ProvisionPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  paginateListPermissionSets,
} from '@aws-sdk/client-sso-admin'
import { expect, test } from 'vitest'
import { clientsOf, readPolicy, refusalOf } from '../../test/clients.ts'
import { emptyAccount } from '../account/empty-account.ts'
import { createSandbox } from '../sandbox.ts'

async function scientist(sandbox = createSandbox()) {
  const clients = clientsOf(sandbox)
  const { Instances } = await clients.sso.send(new ListInstancesCommand({}))
  const InstanceArn = Instances?.[0]?.InstanceArn
  const PermissionSetArn = sandbox.state.center?.permissionSets.find((set) => set.name === 'MLScientist')?.arn
  const RoleName = sandbox.state.roles.find((role) =>
    role.name.startsWith('AWSReservedSSO_MLScientist_'),
  )?.name
  return { ...clients, set: { InstanceArn, PermissionSetArn }, RoleName, sandbox }
}

test('27 permission sets are listed page by page and described', async () => {
  const { sso, set } = await scientist()
  const arns = []
  for await (const page of paginateListPermissionSets({ client: sso, pageSize: 10 }, { ...set })) {
    arns.push(...(page.PermissionSets ?? []))
  }
  expect(new Set(arns).size).toBe(27)
  const { PermissionSet } = await sso.send(new DescribePermissionSetCommand(set))
  expect(PermissionSet).toMatchObject({ Name: 'MLScientist', SessionDuration: 'PT8H' })
  const reached = await sso.send(new ListAccountsForProvisionedPermissionSetCommand(set))
  expect(reached.AccountIds).toHaveLength(4)
  const here = await sso.send(
    new ListPermissionSetsProvisionedToAccountCommand({ ...set, AccountId: '123456789012' }),
  )
  expect(here.PermissionSets).toContain(set.PermissionSetArn)
  const assigned = await sso.send(new ListAccountAssignmentsCommand({ ...set, AccountId: '123456789012' }))
  expect(assigned.AccountAssignments).toMatchObject([{ PrincipalType: 'GROUP' }])
})

test('a policy reference reaches the role only when it is provisioned, and that takes a while', async () => {
  const { sso, iam, set, RoleName } = await scientist()
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'mlflow', Path: '/mlflow-iam/x/', PolicyDocument: readPolicy }),
  )
  const CustomerManagedPolicyReference = { Name: 'mlflow', Path: '/mlflow-iam/x/' }
  const attach = new AttachCustomerManagedPolicyReferenceToPermissionSetCommand({
    ...set,
    CustomerManagedPolicyReference,
  })
  await sso.send(attach)
  expect(await refusalOf(sso.send(attach))).toMatch(/^ConflictException 400/)
  const references = await sso.send(new ListCustomerManagedPolicyReferencesInPermissionSetCommand(set))
  expect(references.CustomerManagedPolicyReferences).toEqual([CustomerManagedPolicyReference])
  const attached = async () =>
    (await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies?.map(
      (each) => each.PolicyArn,
    )
  expect(await attached()).toEqual([])

  const provision = new ProvisionPermissionSetCommand({ ...set, TargetType: 'ALL_PROVISIONED_ACCOUNTS' })
  const { PermissionSetProvisioningStatus: started } = await sso.send(provision)
  expect(started?.Status).toBe('IN_PROGRESS')
  const status = async () => {
    const ask = { ...set, ProvisionPermissionSetRequestId: started?.RequestId }
    const answer = await sso.send(new DescribePermissionSetProvisioningStatusCommand(ask))
    return answer.PermissionSetProvisioningStatus?.Status
  }
  expect([await status(), await status()]).toEqual(['IN_PROGRESS', 'SUCCEEDED'])
  expect(await attached()).toEqual([Policy?.Arn])
  expect(await refusalOf(sso.send(provision))).toBe('accepted')

  await sso.send(
    new DetachCustomerManagedPolicyReferenceFromPermissionSetCommand({
      ...set,
      CustomerManagedPolicyReference,
    }),
  )
  const again = new DetachCustomerManagedPolicyReferenceFromPermissionSetCommand({
    ...set,
    CustomerManagedPolicyReference,
  })
  expect(await refusalOf(sso.send(again))).toMatch(/^ResourceNotFoundException 400/)
})

test('provisioning fails where the referenced policy is not in the account', async () => {
  const { sso, iam, set } = await scientist()
  await sso.send(
    new AttachCustomerManagedPolicyReferenceToPermissionSetCommand({
      ...set,
      CustomerManagedPolicyReference: { Name: 'nothing', Path: '/' },
    }),
  )
  const { PermissionSetProvisioningStatus: started } = await sso.send(
    new ProvisionPermissionSetCommand({ ...set, TargetType: 'AWS_ACCOUNT', TargetId: '123456789012' }),
  )
  await iam.send(new GetRoleCommand({ RoleName: 'Admin' }))
  const { PermissionSetProvisioningStatus: ended } = await sso.send(
    new DescribePermissionSetProvisioningStatusCommand({
      ...set,
      ProvisionPermissionSetRequestId: started?.RequestId,
    }),
  )
  expect(ended).toMatchObject({ Status: 'FAILED', AccountId: '123456789012' })
  expect(ended?.FailureReason).toContain('404')
})

test('a set holds one inline policy and AWS policies', async () => {
  const { sso, set } = await scientist()
  const inline = async () => (await sso.send(new GetInlinePolicyForPermissionSetCommand(set))).InlinePolicy
  expect(await inline()).toContain('sagemaker:ListDomains')
  await sso.send(new PutInlinePolicyToPermissionSetCommand({ ...set, InlinePolicy: readPolicy }))
  expect(await inline()).toBe(readPolicy)
  const broken = new PutInlinePolicyToPermissionSetCommand({ ...set, InlinePolicy: '{}' })
  expect(await refusalOf(sso.send(broken))).toMatch(/^ValidationException 400/)
  await sso.send(new DeleteInlinePolicyFromPermissionSetCommand(set))
  expect(await inline()).toBe('')
  const ManagedPolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
  await sso.send(new AttachManagedPolicyToPermissionSetCommand({ ...set, ManagedPolicyArn }))
  const listed = await sso.send(new ListManagedPoliciesInPermissionSetCommand(set))
  expect(listed.AttachedManagedPolicies).toEqual([{ Name: 'ReadOnlyAccess', Arn: ManagedPolicyArn }])
  await sso.send(new DetachManagedPolicyFromPermissionSetCommand({ ...set, ManagedPolicyArn }))
})

test('the organisation and the directory can be read', async () => {
  const { organizations, directory, sandbox } = await scientist()
  const { Organization } = await organizations.send(new DescribeOrganizationCommand({}))
  expect(Organization?.MasterAccountId).toBe('123456789012')
  const { Accounts } = await organizations.send(new ListAccountsCommand({}))
  expect(Accounts?.map((each) => each.Name)).toEqual([
    'ml-sandbox',
    'ml-sandbox-prod',
    'ml-lab',
    'finance-ml',
  ])
  const IdentityStoreId = sandbox.state.center?.identityStoreId
  const { Users } = await directory.send(new ListUsersCommand({ IdentityStoreId }))
  expect(Users?.map((each) => each.UserName)).toContain('ana')
  const { Groups } = await directory.send(new ListGroupsCommand({ IdentityStoreId }))
  const members = await directory.send(
    new ListGroupMembershipsCommand({ IdentityStoreId, GroupId: Groups?.[0]?.GroupId }),
  )
  expect(members.GroupMemberships).toHaveLength(2)
})

test('an account without Identity Center and organisation says so', async () => {
  const { sso, organizations } = clientsOf(createSandbox({ state: emptyAccount() }))
  expect((await sso.send(new ListInstancesCommand({}))).Instances).toEqual([])
  const list = new ListPermissionSetsCommand({
    InstanceArn: 'arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6',
  })
  expect(await refusalOf(sso.send(list))).toMatch(/^AccessDeniedException 400/)
  expect(await refusalOf(organizations.send(new DescribeOrganizationCommand({})))).toMatch(
    /^AWSOrganizationsNotInUseException/,
  )
})
