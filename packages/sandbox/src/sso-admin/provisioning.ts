import type {
  DescribePermissionSetProvisioningStatusRequest,
  DescribePermissionSetProvisioningStatusResponse,
  PermissionSetProvisioningStatus,
  ProvisionPermissionSetRequest,
  ProvisionPermissionSetResponse,
} from '@aws-sdk/client-sso-admin'
import type { ProvisioningState } from '../account/center-state.ts'
import { uuidOf } from '../account/ids.ts'
import { oneOf, required } from '../wire/rules.ts'
import { operation } from '../wire/service.ts'
import { centerAt, setAt } from './find.ts'
import { accountId, instanceArn, permissionSetArn, requestId } from './members.ts'
import { conflict, invalid, notFound } from './refusals.ts'

/** Requests until a provisioning is over: the first look still finds it in progress. */
const lasts = 2

export const provisioningOperations = {
  ProvisionPermissionSet: operation<ProvisionPermissionSetRequest, ProvisionPermissionSetResponse>(
    {
      InstanceArn: required(instanceArn),
      PermissionSetArn: required(permissionSetArn),
      TargetId: accountId,
      TargetType: required(oneOf('AWS_ACCOUNT', 'ALL_PROVISIONED_ACCOUNTS')),
    },
    ({ account, now }, input) => {
      const center = centerAt(account, input.InstanceArn)
      const set = setAt(account, input.InstanceArn, input.PermissionSetArn)
      const all = input.TargetType === 'ALL_PROVISIONED_ACCOUNTS'
      if (all === (input.TargetId !== undefined)) {
        throw invalid('TargetId must be given for AWS_ACCOUNT, and for that alone.')
      }
      const accounts = all ? [...set.accounts] : [input.TargetId ?? '']
      if (!accounts.every((id) => set.accounts.includes(id))) {
        throw notFound(`The permission set is not provisioned to account ${input.TargetId}.`)
      }
      if (center.provisionings.some((each) => each.permissionSet === set.arn && each.pending > 0)) {
        throw conflict(`A provisioning of ${set.name} is in progress.`)
      }
      const provisioning: ProvisioningState = {
        requestId: uuidOf(account.nextSeed()),
        permissionSet: set.arn,
        accounts,
        createdAt: now.toISOString(),
        pending: lasts,
      }
      center.provisionings.push(provisioning)
      return { PermissionSetProvisioningStatus: describe(provisioning) }
    },
  ),

  DescribePermissionSetProvisioningStatus: operation<
    DescribePermissionSetProvisioningStatusRequest,
    DescribePermissionSetProvisioningStatusResponse
  >(
    { InstanceArn: required(instanceArn), ProvisionPermissionSetRequestId: required(requestId) },
    ({ account }, input) => {
      const provisioning = centerAt(account, input.InstanceArn).provisionings.find(
        (each) => each.requestId === input.ProvisionPermissionSetRequestId,
      )
      if (provisioning === undefined) {
        throw notFound(`Could not find request ${input.ProvisionPermissionSetRequestId}`)
      }
      return { PermissionSetProvisioningStatus: describe(provisioning) }
    },
  ),
}

function describe(provisioning: ProvisioningState): PermissionSetProvisioningStatus {
  const [only, ...others] = provisioning.accounts
  const failed = provisioning.failure !== undefined
  return {
    Status: provisioning.pending > 0 ? 'IN_PROGRESS' : failed ? 'FAILED' : 'SUCCEEDED',
    RequestId: provisioning.requestId,
    ...(only !== undefined && others.length === 0 ? { AccountId: only } : {}),
    PermissionSetArn: provisioning.permissionSet,
    ...(provisioning.failure === undefined ? {} : { FailureReason: provisioning.failure }),
    CreatedDate: new Date(provisioning.createdAt),
  }
}
