import type {
  CreatePolicyRequest,
  CreatePolicyResponse,
  DeletePolicyRequest,
  GetPolicyRequest,
  GetPolicyResponse,
  ListEntitiesForPolicyRequest,
  ListEntitiesForPolicyResponse,
  ListPoliciesRequest,
  ListPoliciesResponse,
} from '@aws-sdk/client-iam'
import type { PolicyState } from '../account/state.ts'
import { Table } from '../account/table.ts'
import { flag, oneOf, required } from '../wire/rules.ts'
import { operation } from '../wire/service.ts'
import { describePolicy } from './describe.ts'
import { ownPolicyAt, policyAt } from './find.ts'
import { arn, document, newName, paging, pathPrefix, policyDescription, policyPath, tags } from './members.ts'
import { pageEnd, pageOf, pageOfList } from './paging.ts'
import { checkManagedDocument } from './policy-versions.ts'
import { alreadyExists, deleteConflict, limitExceeded } from './refusals.ts'
import { newTags } from './tags.ts'

export const policyOperations = {
  CreatePolicy: operation<CreatePolicyRequest, CreatePolicyResponse>(
    {
      PolicyName: required(newName(128)),
      PolicyDocument: required(document),
      Path: policyPath,
      Description: policyDescription,
      Tags: tags,
    },
    ({ account, now }, input) => {
      if (account.policies.find(input.PolicyName.toLowerCase()) !== undefined) {
        throw alreadyExists(
          `A policy called ${input.PolicyName} already exists. Duplicate names are not allowed.`,
        )
      }
      checkManagedDocument(input.PolicyDocument)
      const { quotas } = account.state
      if (account.policies.rows.length >= quotas.policies) {
        throw limitExceeded(`Cannot exceed quota for PoliciesPerAccount: ${quotas.policies}`)
      }
      const policyPathGiven = input.Path ?? '/'
      const policy: PolicyState = {
        name: input.PolicyName,
        path: policyPathGiven,
        id: account.newId('ANPA'),
        arn: account.iamArn('policy', policyPathGiven, input.PolicyName),
        ...(input.Description === undefined ? {} : { description: input.Description }),
        createdAt: now.toISOString(),
        updatedAt: now.toISOString(),
        defaultVersion: 'v1',
        nextVersion: 2,
        versions: [{ id: 'v1', document: input.PolicyDocument, createdAt: now.toISOString() }],
        tags: newTags(input.Tags),
      }
      account.policies.add(policy)
      const { Description: _, ...made } = describePolicy(account, policy, 'full')
      return { Policy: made }
    },
  ),

  GetPolicy: operation<GetPolicyRequest, GetPolicyResponse>(
    { PolicyArn: required(arn) },
    ({ account }, input) => ({
      Policy: describePolicy(account, policyAt(account, input.PolicyArn), 'full'),
    }),
  ),

  ListPolicies: operation<ListPoliciesRequest, ListPoliciesResponse>(
    {
      Scope: oneOf('All', 'AWS', 'Local'),
      OnlyAttached: flag(),
      PathPrefix: pathPrefix,
      PolicyUsageFilter: oneOf('PermissionsPolicy', 'PermissionsBoundary'),
      ...paging,
    },
    ({ account }, input) => {
      const scope = input.Scope ?? 'All'
      const aws = scope === 'Local' ? [] : account.awsPolicies.rows
      const local = scope === 'AWS' ? [] : account.policies.rows
      const all = new Table([...aws, ...local], (policy) => policy.arn)
      const page = pageOf(all, input, 'ListPolicies', (policy) => {
        const attached = account.attachmentsOf(policy.arn)
        const bounds = account.boundariesOf(policy.arn)
        if (input.OnlyAttached === true && attached + bounds === 0) return false
        if (input.PolicyUsageFilter === 'PermissionsBoundary' && bounds === 0) return false
        return policy.path.startsWith(input.PathPrefix ?? '/')
      })
      return {
        Policies: page.rows.map((policy) => describePolicy(account, policy, 'listed')),
        ...pageEnd(page),
      }
    },
  ),

  DeletePolicy: operation<DeletePolicyRequest, object>({ PolicyArn: required(arn) }, ({ account }, input) => {
    const policy = ownPolicyAt(account, input.PolicyArn)
    if (account.attachmentsOf(policy.arn) + account.boundariesOf(policy.arn) > 0) {
      throw deleteConflict('Cannot delete a policy attached to entities.')
    }
    if (policy.versions.length > 1) {
      throw deleteConflict(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
      )
    }
    account.policies.remove(policy)
    return {}
  }),

  ListEntitiesForPolicy: operation<ListEntitiesForPolicyRequest, ListEntitiesForPolicyResponse>(
    {
      PolicyArn: required(arn),
      EntityFilter: oneOf('User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'),
      PathPrefix: pathPrefix,
      PolicyUsageFilter: oneOf('PermissionsPolicy', 'PermissionsBoundary'),
      ...paging,
    },
    ({ account }, input) => {
      const policy = policyAt(account, input.PolicyArn)
      const uses = (holder: { attached: string[]; boundary?: string; path: string }) =>
        holder.path.startsWith(input.PathPrefix ?? '/') &&
        ((input.PolicyUsageFilter !== 'PermissionsBoundary' && holder.attached.includes(policy.arn)) ||
          (input.PolicyUsageFilter !== 'PermissionsPolicy' && holder.boundary === policy.arn))
      const wanted = (kind: string) => input.EntityFilter === undefined || input.EntityFilter === kind
      const all = [
        ...(wanted('Group') ? account.groups.rows.filter(uses).map((row) => ({ kind: 'group', row })) : []),
        ...(wanted('User') ? account.users.rows.filter(uses).map((row) => ({ kind: 'user', row })) : []),
        ...(wanted('Role') ? account.roles.rows.filter(uses).map((row) => ({ kind: 'role', row })) : []),
      ]
      const page = pageOfList(all, input, 'ListEntitiesForPolicy')
      const of = (kind: string) => page.rows.filter((each) => each.kind === kind).map((each) => each.row)
      return {
        PolicyGroups: of('group').map((row) => ({ GroupName: row.name, GroupId: row.id })),
        PolicyUsers: of('user').map((row) => ({ UserName: row.name, UserId: row.id })),
        PolicyRoles: of('role').map((row) => ({ RoleName: row.name, RoleId: row.id })),
        ...pageEnd(page),
      }
    },
  ),
}
