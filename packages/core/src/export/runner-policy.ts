import type { OperationAction, OperationInputs, Request } from '../plan/operation.ts'
import type { Plan } from '../plan/plan.ts'
import type { PolicyDocument, Statement } from '../policy/document.ts'
import { type Runner, runnerReads } from './runner-reads.ts'

type ResourceTable = {
  readonly [A in OperationAction]: readonly [
    service: 'iam' | 'sagemaker' | 'sso',
    resources: (input: OperationInputs[A], arns: Arns) => readonly string[],
    /** Reads that the scripts make before this write. */
    ...reads: readonly string[],
  ]
}

interface Arns {
  policy(path: string | undefined, name: string): string
  holder(kind: 'user' | 'group' | 'role', name: string): string
  profile(domain: string, name: string): string
}

const role = (input: { readonly RoleName: string }, arns: Arns) => [arns.holder('role', input.RoleName)]
const policy = (input: { readonly PolicyArn: string }) => [input.PolicyArn]
const set = (input: { readonly InstanceArn: string; readonly PermissionSetArn: string }) => [
  input.InstanceArn,
  input.PermissionSetArn,
]
/** Provisioning reaches every account that the permission set is assigned in. */
const accountsOf = (setArn: string) => `arn:${setArn.split(':')[1]}:sso:::account/*`
const user = (input: { readonly UserName: string }, arns: Arns) => [arns.holder('user', input.UserName)]
const group = (input: { readonly GroupName: string }, arns: Arns) => [arns.holder('group', input.GroupName)]

/** Which service an action belongs to, what its permission is scoped to, and what is read before. */
const needs: ResourceTable = {
  CreateRole: ['iam', (input, arns) => [arns.holder('role', input.RoleName)], 'GetRole', 'TagRole'],
  UpdateAssumeRolePolicy: ['iam', role, 'GetRole'],
  TagRole: ['iam', role],
  UntagRole: ['iam', role],
  DeleteRole: ['iam', role],
  CreatePolicy: [
    'iam',
    (input, arns) => [arns.policy(input.Path, input.PolicyName)],
    'GetPolicyVersion',
    'TagPolicy',
  ],
  CreatePolicyVersion: ['iam', policy, 'GetPolicyVersion'],
  SetDefaultPolicyVersion: ['iam', policy],
  DeletePolicyVersion: ['iam', policy],
  DeletePolicy: ['iam', policy],
  TagPolicy: ['iam', policy],
  UntagPolicy: ['iam', policy],
  AttachUserPolicy: ['iam', user],
  AttachGroupPolicy: ['iam', group],
  AttachRolePolicy: ['iam', role],
  DetachUserPolicy: ['iam', user],
  DetachGroupPolicy: ['iam', group],
  DetachRolePolicy: ['iam', role],
  PutRolePolicy: ['iam', role],
  DeleteRolePolicy: ['iam', role],
  UpdateUserProfile: ['sagemaker', (input, arns) => [arns.profile(input.DomainId, input.UserProfileName)]],
  AttachCustomerManagedPolicyReferenceToPermissionSet: ['sso', set],
  DetachCustomerManagedPolicyReferenceFromPermissionSet: ['sso', set],
  PutInlinePolicyToPermissionSet: ['sso', set],
  DeleteInlinePolicyFromPermissionSet: ['sso', set],
  ProvisionPermissionSet: ['sso', (input) => [...set(input), accountsOf(input.PermissionSetArn)]],
}

export interface RunnerNeeds {
  readonly undo?: boolean
  /** What runs it: each tool reads other things before and after it writes. */
  readonly with?: Runner
}

/**
 * The least IAM policy with which the plan's requests, and the reads of its scripts, can be sent: exact actions on
 * exact ARNs. `undo` adds what taking it back needs.
 */
export function runnerPolicy(
  plan: Plan,
  { undo = false, with: tool = 'scripts' }: RunnerNeeds = {},
): PolicyDocument {
  const requests = requestsSent(plan, undo, tool)
  const byResources = new Map<
    string,
    { resources: readonly string[]; actions: Set<string>; attached: Set<string> }
  >()
  for (const request of requests) {
    const [service, resourcesOf, ...reads] = needs[request.action] as ResourceTable['TagRole']
    const resources = [...new Set(resourcesOf(request.input as never, arnsOf(plan)))].sort()
    const attaches = /^(?:At|De)tach(?:User|Group|Role)Policy$/.test(request.action)
    const key = `${attaches} ${resources.join(' ')}`
    const entry = byResources.get(key) ?? { resources, actions: new Set(), attached: new Set() }
    for (const action of [request.action, ...reads]) entry.actions.add(`${service}:${action}`)
    if (attaches && 'PolicyArn' in request.input) entry.attached.add(request.input.PolicyArn)
    byResources.set(key, entry)
  }
  const changes = [...byResources.values()].map(
    ({ resources, actions, attached }): Grant => ({
      resources,
      actions: [...actions].sort(),
      attached: [...attached].sort(),
    }),
  )
  return {
    Version: '2012-10-17',
    Statement: [...mergeByActions(changes), ...passRole(requests), ...runnerReads(plan, tool, requests)],
  }
}

/** CloudFormation carries what is made; it takes back itself what it could not finish. */
function requestsSent(plan: Plan, undo: boolean, tool: Runner): readonly Request[] {
  const carried = /^(?:Create(?:Role|Policy)$|Attach(?:User|Group|Role)Policy$)/
  const operations = plan.operations.filter(({ action }) => tool !== 'cloudformation' || carried.test(action))
  return operations.flatMap((operation) => (undo ? [operation, ...operation.inverse] : [operation]))
}

interface Grant {
  readonly resources: readonly string[]
  readonly actions: readonly string[]
  /** Policies that may be attached or detached; none for other actions. */
  readonly attached: readonly string[]
}

/** Grants of the same actions become one statement with all their resources. */
function mergeByActions(grants: readonly Grant[]): readonly Statement[] {
  const merged = new Map<string, Grant>()
  for (const grant of grants) {
    const key = `${grant.actions.join(' ')} ${grant.attached.join(' ')}`
    const before = merged.get(key)
    const resources = [...new Set([...(before?.resources ?? []), ...grant.resources])].sort()
    merged.set(key, { ...grant, resources })
  }
  return [...merged.values()]
    .sort((a, b) => a.actions.join().localeCompare(b.actions.join()))
    .map(
      ({ actions, resources, attached }, index): Statement => ({
        Sid: `Change${index + 1}`,
        Effect: 'Allow',
        Action: actions,
        Resource: resources,
        ...(attached.length === 0 ? {} : { Condition: { ArnEquals: { 'iam:PolicyARN': attached } } }),
      }),
    )
}

function passRole(requests: readonly Request[]): readonly Statement[] {
  const passed = requests.flatMap(({ action, input }) =>
    action === 'UpdateUserProfile' ? [input.UserSettings.ExecutionRole] : [],
  )
  if (passed.length === 0) return []
  return [
    {
      Sid: 'PassExecutionRoles',
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: [...new Set(passed)].sort(),
      Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    },
  ]
}

function arnsOf(plan: Plan): Arns {
  const iam = `arn:${plan.partition}:iam::${plan.account}:`
  const { principals, roles } = plan.target
  return {
    policy: (path, name) => `${iam}policy${path ?? '/'}${name}`,
    holder: (kind, name) => {
      const known = [...principals, ...roles.map((role) => ({ ...role, kind: 'role' as const }))]
      const found = known.find((candidate) => candidate.kind === kind && candidate.name === name)
      const named = plan.operations.find(
        ({ principal }) => principal?.startsWith(`${iam}${kind}/`) && principal.endsWith(`/${name}`),
      )
      return found?.arn ?? named?.principal ?? `${iam}${kind}/${name}`
    },
    profile: (domain, name) =>
      `arn:${plan.partition}:sagemaker:*:${plan.account}:user-profile/${domain}/${name}`,
  }
}
