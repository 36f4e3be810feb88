import type { RequestContext } from '@mlflow-iam/core/evaluate/access'
import type { Account } from '../account/account.ts'
import type { WireCall } from './read-call.ts'

/** One permission that a request needs. */
export interface RequestedAccess {
  readonly action: string
  readonly resource: string
  readonly context?: RequestContext
}

type Members = Readonly<Record<string, unknown>>

/**
 * The permissions that a request needs (Service Authorization Reference): its own action on each resource that it
 * names, and what AWS asks for besides, tagging and passing a role.
 */
export function requestedAccess(account: Account, call: WireCall, input: Members): RequestedAccess[] {
  const { service, action, region } = call
  const name = `${service.id === 'sso-admin' ? 'sso' : service.id}:${action}`
  const resources =
    service.id === 'iam'
      ? iamResources(account, action, input)
      : service.id === 'sagemaker'
        ? sageMakerResources(account, region, action, input)
        : centerResources(account, action, input)
  const context = contextOf(account, action, input)
  return [
    ...resources.map((resource) => ({ action: name, resource, context })),
    ...(Array.isArray(input.Tags) && input.Tags.length > 0 && action.startsWith('Create')
      ? resources.map((resource) => ({ action: taggingOf(service.id, action), resource, context }))
      : []),
    ...passedRoles(input).map((resource) => ({
      action: 'iam:PassRole',
      resource,
      context: { 'iam:PassedToService': ['sagemaker.amazonaws.com'] },
    })),
  ]
}

function iamResources(account: Account, action: string, input: Members): string[] {
  const { RoleName, UserName, GroupName, PolicyName, PolicyArn, PolicySourceArn, Path = '/' } = input
  if (typeof RoleName === 'string') {
    return [account.roles.find(RoleName.toLowerCase())?.arn ?? account.iamArn('role', String(Path), RoleName)]
  }
  if (typeof GroupName === 'string') {
    return [
      account.groups.find(GroupName.toLowerCase())?.arn ?? account.iamArn('group', String(Path), GroupName),
    ]
  }
  if (typeof UserName === 'string') {
    return [account.users.find(UserName.toLowerCase())?.arn ?? account.iamArn('user', String(Path), UserName)]
  }
  if (typeof PolicyArn === 'string') return [PolicyArn]
  if (typeof PolicySourceArn === 'string') return [PolicySourceArn]
  if (action === 'CreatePolicy') return [account.iamArn('policy', String(Path), String(PolicyName))]
  return ['*']
}

function sageMakerResources(account: Account, region: string, action: string, input: Members): string[] {
  const { TrackingServerName, Arn, ResourceArn, DomainId, UserProfileName, SpaceName } = input
  if (typeof TrackingServerName === 'string') {
    return [account.regionalArn(region, `mlflow-tracking-server/${TrackingServerName}`)]
  }
  if (typeof Arn === 'string') return [Arn]
  if (typeof ResourceArn === 'string') return [ResourceArn]
  if (action === 'CreateMlflowApp') return [account.regionalArn(region, 'mlflow-app/*')]
  if (typeof DomainId !== 'string') return ['*']
  if (typeof UserProfileName === 'string') {
    return [account.regionalArn(region, `user-profile/${DomainId}/${UserProfileName}`)]
  }
  if (typeof SpaceName === 'string') return [account.regionalArn(region, `space/${DomainId}/${SpaceName}`)]
  return [account.regionalArn(region, `domain/${DomainId}`)]
}

function centerResources(account: Account, action: string, input: Members): string[] {
  const named = [input.InstanceArn, input.PermissionSetArn].filter((each) => typeof each === 'string')
  if (action !== 'ProvisionPermissionSet') return named.length > 0 ? named : ['*']
  const set = account.state.center?.permissionSets.find((each) => each.arn === input.PermissionSetArn)
  const accounts = typeof input.TargetId === 'string' ? [input.TargetId] : (set?.accounts ?? [])
  return [...named, ...accounts.map((id) => `arn:${account.state.partition}:sso:::account/${id}`)]
}

function contextOf(account: Account, action: string, input: Members): RequestContext {
  const context: Record<string, readonly string[]> = {}
  const boundary = input.PermissionsBoundary ?? boundaryOf(account, input)
  if (/^(?:At|De)tach\w+Policy$/.test(action) && typeof input.PolicyArn === 'string') {
    context['iam:PolicyARN'] = [input.PolicyArn]
  }
  if (typeof boundary === 'string') context['iam:PermissionsBoundary'] = [boundary]
  if (Array.isArray(input.Tags)) {
    context['aws:TagKeys'] = input.Tags.map((tag) => String(tag?.Key))
    for (const tag of input.Tags) context[`aws:RequestTag/${tag?.Key}`] = [String(tag?.Value)]
  }
  return context
}

/** The boundary of the user or role that a request changes: IAM tells it to conditions. */
function boundaryOf(account: Account, { RoleName, UserName }: Members): string | undefined {
  if (typeof RoleName === 'string') return account.roles.find(RoleName.toLowerCase())?.boundary
  return typeof UserName === 'string' ? account.users.find(UserName.toLowerCase())?.boundary : undefined
}

function taggingOf(service: string, action: string): string {
  return service === 'sagemaker' ? 'sagemaker:AddTags' : `iam:Tag${action.slice('Create'.length)}`
}

function passedRoles(input: Members): string[] {
  const settings = input.UserSettings
  const inSettings =
    typeof settings === 'object' && settings !== null ? (settings as Members).ExecutionRole : undefined
  return [input.RoleArn, inSettings].filter((role) => typeof role === 'string')
}
