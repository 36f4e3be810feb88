import type {
  DescribePermissionSetRequest,
  DescribePermissionSetResponse,
  GetInlinePolicyForPermissionSetRequest,
  GetInlinePolicyForPermissionSetResponse,
  ListAccountAssignmentsRequest,
  ListAccountAssignmentsResponse,
  ListAccountsForProvisionedPermissionSetRequest,
  ListAccountsForProvisionedPermissionSetResponse,
  ListCustomerManagedPolicyReferencesInPermissionSetRequest,
  ListCustomerManagedPolicyReferencesInPermissionSetResponse,
  ListInstancesRequest,
  ListInstancesResponse,
  ListManagedPoliciesInPermissionSetRequest,
  ListManagedPoliciesInPermissionSetResponse,
  ListPermissionSetsProvisionedToAccountRequest,
  ListPermissionSetsProvisionedToAccountResponse,
  ListPermissionSetsRequest,
  ListPermissionSetsResponse,
} from '@aws-sdk/client-sso-admin'
import { oneOf, required } from '../wire/rules.ts'
import { operation } from '../wire/service.ts'
import { tokenPage } from '../wire/token-paging.ts'
import { centerAt, setAt } from './find.ts'
import { accountId, instanceArn, paging, permissionSetArn } from './members.ts'

const set = { InstanceArn: required(instanceArn), PermissionSetArn: required(permissionSetArn) }
const usual = 100

export const centerReads = {
  /** Accounts that run no Identity Center see none. */
  ListInstances: operation<ListInstancesRequest, ListInstancesResponse>(paging, ({ account }) => {
    const { center } = account.state
    if (center === undefined) return { Instances: [] }
    return {
      Instances: [
        {
          InstanceArn: center.instanceArn,
          IdentityStoreId: center.identityStoreId,
          OwnerAccountId: center.ownerAccount,
          CreatedDate: new Date(center.createdAt),
          Status: 'ACTIVE',
        },
      ],
    }
  }),

  ListPermissionSets: operation<ListPermissionSetsRequest, ListPermissionSetsResponse>(
    { InstanceArn: required(instanceArn), ...paging },
    ({ account }, input) => {
      const arns = centerAt(account, input.InstanceArn).permissionSets.map((each) => each.arn)
      const page = tokenPage(arns, input, 'ListPermissionSets', (arn) => arn, usual)
      return { PermissionSets: [...page.rows], ...page.end }
    },
  ),

  ListPermissionSetsProvisionedToAccount: operation<
    ListPermissionSetsProvisionedToAccountRequest,
    ListPermissionSetsProvisionedToAccountResponse
  >(
    {
      InstanceArn: required(instanceArn),
      AccountId: required(accountId),
      ProvisioningStatus: oneOf('LATEST_PERMISSION_SET_PROVISIONED', 'LATEST_PERMISSION_SET_NOT_PROVISIONED'),
      ...paging,
    },
    ({ account }, input) => {
      const arns = centerAt(account, input.InstanceArn)
        .permissionSets.filter((each) => each.accounts.includes(input.AccountId))
        .filter((each) => fitsStatus(each.outdated.includes(input.AccountId), input.ProvisioningStatus))
        .map((each) => each.arn)
      const page = tokenPage(arns, input, 'ListPermissionSetsProvisionedToAccount', (arn) => arn, usual)
      return { PermissionSets: [...page.rows], ...page.end }
    },
  ),

  DescribePermissionSet: operation<DescribePermissionSetRequest, DescribePermissionSetResponse>(
    set,
    ({ account }, input) => {
      const found = setAt(account, input.InstanceArn, input.PermissionSetArn)
      return {
        PermissionSet: {
          Name: found.name,
          PermissionSetArn: found.arn,
          ...(found.description === undefined ? {} : { Description: found.description }),
          CreatedDate: new Date(found.createdAt),
          SessionDuration: found.sessionDuration,
        },
      }
    },
  ),

  /** A set without an inline policy answers with an empty text. */
  GetInlinePolicyForPermissionSet: operation<
    GetInlinePolicyForPermissionSetRequest,
    GetInlinePolicyForPermissionSetResponse
  >(set, ({ account }, input) => ({
    InlinePolicy: setAt(account, input.InstanceArn, input.PermissionSetArn).inline ?? '',
  })),

  ListManagedPoliciesInPermissionSet: operation<
    ListManagedPoliciesInPermissionSetRequest,
    ListManagedPoliciesInPermissionSetResponse
  >({ ...set, ...paging }, ({ account }, input) => {
    const { managed } = setAt(account, input.InstanceArn, input.PermissionSetArn)
    const page = tokenPage(managed, input, 'ListManagedPoliciesInPermissionSet', (arn) => arn, usual)
    return {
      AttachedManagedPolicies: page.rows.map((arn) => ({
        Name: arn.slice(arn.lastIndexOf('/') + 1),
        Arn: arn,
      })),
      ...page.end,
    }
  }),

  ListCustomerManagedPolicyReferencesInPermissionSet: operation<
    ListCustomerManagedPolicyReferencesInPermissionSetRequest,
    ListCustomerManagedPolicyReferencesInPermissionSetResponse
  >({ ...set, ...paging }, ({ account }, input) => {
    const { customerManaged } = setAt(account, input.InstanceArn, input.PermissionSetArn)
    const page = tokenPage(
      customerManaged,
      input,
      'ListCustomerManagedPolicyReferencesInPermissionSet',
      (reference) => reference.Path + reference.Name,
      usual,
    )
    return { CustomerManagedPolicyReferences: page.rows.map((each) => ({ ...each })), ...page.end }
  }),

  ListAccountsForProvisionedPermissionSet: operation<
    ListAccountsForProvisionedPermissionSetRequest,
    ListAccountsForProvisionedPermissionSetResponse
  >(
    {
      ...set,
      ProvisioningStatus: oneOf('LATEST_PERMISSION_SET_PROVISIONED', 'LATEST_PERMISSION_SET_NOT_PROVISIONED'),
      ...paging,
    },
    ({ account }, input) => {
      const found = setAt(account, input.InstanceArn, input.PermissionSetArn)
      const ids = found.accounts.filter((id) =>
        fitsStatus(found.outdated.includes(id), input.ProvisioningStatus),
      )
      const page = tokenPage(ids, input, 'ListAccountsForProvisionedPermissionSet', (id) => id, usual)
      return { AccountIds: [...page.rows], ...page.end }
    },
  ),

  ListAccountAssignments: operation<ListAccountAssignmentsRequest, ListAccountAssignmentsResponse>(
    { ...set, AccountId: required(accountId), ...paging },
    ({ account }, input) => {
      setAt(account, input.InstanceArn, input.PermissionSetArn)
      const found = centerAt(account, input.InstanceArn).assignments.filter(
        (each) => each.permissionSet === input.PermissionSetArn && each.account === input.AccountId,
      )
      const page = tokenPage(found, input, 'ListAccountAssignments', (each) => each.principalId, usual)
      return {
        AccountAssignments: page.rows.map((each) => ({
          AccountId: each.account,
          PermissionSetArn: each.permissionSet,
          PrincipalType: each.principalType,
          PrincipalId: each.principalId,
        })),
        ...page.end,
      }
    },
  ),
}

function fitsStatus(outdated: boolean, wanted: string | undefined): boolean {
  return wanted === undefined || outdated === (wanted === 'LATEST_PERMISSION_SET_NOT_PROVISIONED')
}
