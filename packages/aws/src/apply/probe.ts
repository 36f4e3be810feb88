import { type Effect, findEffect, viewAccount } from '@mlflow-iam/core/journal/find-effect'
import type { OperationAction, OperationInputs, Request } from '@mlflow-iam/core/plan/operation'
import { iamArn } from '@mlflow-iam/core/policy/arn'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Found, Look } from './look.ts'
import { lookAtInlineOfSet, lookAtProfile, lookAtReferences } from './look-at-center.ts'
import {
  lookAtAttachedToGroup,
  lookAtAttachedToRole,
  lookAtAttachedToUser,
  lookAtInlineOfGroup,
  lookAtInlineOfRole,
  lookAtInlineOfUser,
  lookAtPolicy,
  lookAtRole,
} from './look-at-iam.ts'

type Looker<A extends OperationAction> = (look: Look, input: OperationInputs[A]) => Promise<Found>

/**
 * Asks AWS whether a request has taken effect, by reading only the object that it names.
 * The same rules decide as for a whole snapshot.
 */
export async function probeEffect(look: Look, request: Request): Promise<Effect> {
  const read = lookers[request.action] as (look: Look, input: Request['input']) => Promise<Found>
  const found = await read(look, request.input)
  return findEffect(request, viewAccount({ ...nothing(look.plan), ...found }))
}

const role = (look: Look, { RoleName }: { RoleName: string }) => lookAtRole(look, RoleName)
const policy = (look: Look, { PolicyArn }: { PolicyArn: string }) => lookAtPolicy(look, PolicyArn, false)

const lookers: { readonly [A in OperationAction]: Looker<A> } = {
  CreateRole: role,
  UpdateAssumeRolePolicy: role,
  TagRole: role,
  UntagRole: role,
  DeleteRole: role,
  CreatePolicy: (look, { PolicyName, Path }) =>
    lookAtPolicy(look, iamArn(look.plan, 'policy', Path ?? '/', PolicyName), true),
  CreatePolicyVersion: (look, { PolicyArn }) => lookAtPolicy(look, PolicyArn, true),
  SetDefaultPolicyVersion: policy,
  DeletePolicyVersion: policy,
  DeletePolicy: policy,
  TagPolicy: async () => ({}),
  UntagPolicy: async () => ({}),
  AttachUserPolicy: lookAtAttachedToUser,
  AttachGroupPolicy: lookAtAttachedToGroup,
  AttachRolePolicy: lookAtAttachedToRole,
  DetachUserPolicy: lookAtAttachedToUser,
  DetachGroupPolicy: lookAtAttachedToGroup,
  DetachRolePolicy: lookAtAttachedToRole,
  PutUserPolicy: lookAtInlineOfUser,
  PutGroupPolicy: lookAtInlineOfGroup,
  PutRolePolicy: lookAtInlineOfRole,
  DeleteUserPolicy: lookAtInlineOfUser,
  DeleteGroupPolicy: lookAtInlineOfGroup,
  DeleteRolePolicy: lookAtInlineOfRole,
  UpdateUserProfile: lookAtProfile,
  AttachCustomerManagedPolicyReferenceToPermissionSet: lookAtReferences,
  DetachCustomerManagedPolicyReferenceFromPermissionSet: lookAtReferences,
  PutInlinePolicyToPermissionSet: lookAtInlineOfSet,
  DeleteInlinePolicyFromPermissionSet: lookAtInlineOfSet,
  ProvisionPermissionSet: async () => ({}),
}

function nothing({ account, partition, region }: Look['plan']): Snapshot {
  return {
    ...{ version: 1, takenAt: '', account, partition, region },
    ...{ users: [], groups: [], roles: [], policies: [], servers: [], apps: [] },
    ...{ domains: [], profiles: [], permissionSets: [], unknown: [] },
  }
}
