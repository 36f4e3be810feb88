import type { Operation, Request } from '../plan/operation.ts'
import type { Plan } from '../plan/plan.ts'
import { type Arns, arnsOfPlan, needsOfRequest } from '../plan/request-needs.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { RequestContext } from './access.ts'
import { type CallerMay, type CallerVerdict, callerMay } from './caller-may.ts'

/** One permission that a plan's requests need, and whether whoever read the account holds it. */
export type CallerRight = { readonly action: string; readonly resource: string } & CallerVerdict

export interface CallerRights {
  /** ARN of whoever read the account; absent where nobody is known. */
  readonly caller?: string
  /** How many requests the plan sends. */
  readonly requests: number
  /** Each action and resource once, in the order in which the plan first needs it. */
  readonly rights: readonly CallerRight[]
}

/**
 * Whether the caller of a snapshot may send a plan's requests, by the policies that were read. `denied` is certain:
 * what is not read here (service control policies, session policies) can only take away. No part of a plan: its id
 * does not depend on who plans.
 */
export function callerRights(plan: Plan, snapshot: Snapshot): CallerRights {
  const may = callerMay(snapshot)
  const place: Place = { plan, snapshot, arns: arnsIn(snapshot, plan), holderOf: holdersIn(snapshot) }
  // By action, then resource: ten thousand joined keys would weigh more than all else here.
  const found = new Map<string, Map<string, number>>()
  const rights: CallerRight[] = []
  for (const operation of plan.operations) {
    for (const need of permissionsOf(operation, place)) {
      const { action, resource } = need
      const places = found.get(action) ?? new Map<string, number>()
      found.set(action, places)
      const index = places.get(resource) ?? rights.length
      const before = rights[index]
      if (before?.state === 'denied') continue
      const verdict = resource.endsWith('*') ? unclearPlace : may(need)
      if (before === undefined || worse[verdict.state] > worse[before.state]) {
        rights[index] = { action, resource, ...verdict }
        places.set(resource, index)
      }
    }
  }
  const { caller } = snapshot
  return {
    ...(caller === undefined ? {} : { caller }),
    requests: plan.operations.length,
    rights,
  }
}

const worse = { allowed: 0, unknown: 1, denied: 2 } as const
const unclearPlace: CallerVerdict = { state: 'unknown', why: 'which accounts it reaches was not read' }

type Permission = Parameters<CallerMay>[0]

interface Place {
  readonly plan: Plan
  readonly snapshot: Snapshot
  readonly arns: Arns
  readonly holderOf: (request: Request) => { readonly boundary?: string } | undefined
}

/** The request's own action on all that it names; tagging with a creation; passing a role with a profile. */
function permissionsOf(operation: Operation, place: Place): readonly Permission[] {
  const { plan, snapshot, arns } = place
  const { service, resources, besides } = needsOfRequest(operation, arns)
  const places = resources.flatMap((resource) =>
    operation.action === 'ProvisionPermissionSet' && resource.endsWith(':account/*')
      ? accountsReached(operation.input.PermissionSetArn, resource, snapshot)
      : [resource],
  )
  const context = contextOf(operation, place)
  const tags = 'Tags' in operation.input && (operation.input.Tags?.length ?? 0) > 0
  const tagging = besides.filter((name) => tags && name.startsWith('Tag'))
  return [
    ...[operation.action, ...tagging].flatMap((name) =>
      places.map((resource) => ({ action: `${service}:${name}`, resource, context })),
    ),
    ...(operation.action === 'UpdateUserProfile'
      ? [
          {
            action: 'iam:PassRole',
            resource: operation.input.UserSettings.ExecutionRole,
            context: { ...home(plan), 'iam:PassedToService': ['sagemaker.amazonaws.com'] },
          },
        ]
      : []),
  ]
}

/** What a request tells of itself, for conditions. An empty list says that the key is not sent. */
function contextOf(request: Request, { plan, holderOf }: Place): RequestContext {
  const { action, input } = request
  const context: Record<string, readonly string[]> = { ...(isIam(action) ? home(plan) : {}) }
  if (/^(?:At|De)tach(?:User|Group|Role)Policy$/.test(action) && 'PolicyArn' in input)
    context['iam:PolicyARN'] = [input.PolicyArn]
  // Of a creation the boundary that is asked for, else the one that is there: "only roles with this boundary".
  const holder = holderOf(request)
  if (action === 'CreateRole') context['iam:PermissionsBoundary'] = listOf(input.PermissionsBoundary)
  else if (holder) context['iam:PermissionsBoundary'] = listOf(holder.boundary)
  const tags = ('Tags' in input ? input.Tags : undefined) ?? []
  const keys = 'TagKeys' in input ? input.TagKeys : tags.map(({ Key }) => Key)
  if (/^(?:Create|Tag|Untag)/.test(action)) context['aws:TagKeys'] = keys
  for (const { Key, Value } of tags) context[`aws:RequestTag/${Key}`] = [Value]
  return context
}

function isIam(action: Operation['action']): boolean {
  return !/PermissionSet$|^UpdateUserProfile$/.test(action)
}

/** IAM answers from one Region, whatever the caller's own. */
function home({ partition }: Plan): RequestContext {
  return { 'aws:RequestedRegion': [partition === 'aws-us-gov' ? 'us-gov-west-1' : 'us-east-1'] }
}

function listOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [text]
}

/** The user or role whose policies change, where the account has it. */
function holdersIn({ users, roles }: Snapshot): Place['holderOf'] {
  const userOf = new Map(users.map((user) => [user.name, user]))
  const roleOf = new Map(roles.map((role) => [role.name, role]))
  return ({ input }) => {
    if ('UserName' in input) return userOf.get(input.UserName)
    return 'RoleName' in input ? roleOf.get(input.RoleName) : undefined
  }
}

function accountsReached(set: string, fallback: string, { permissionSets }: Snapshot): readonly string[] {
  const accounts = permissionSets.find(({ arn }) => arn === set)?.accounts
  return accounts?.map((id) => fallback.replace('*', id)) ?? [fallback]
}

/** ARNs as the account has them; the plan alone knows what is still to be made. */
function arnsIn(snapshot: Snapshot, plan: Plan): Arns {
  const planned = arnsOfPlan(plan)
  const names = {
    user: byName(snapshot.users),
    group: byName(snapshot.groups),
    role: byName(snapshot.roles),
  }
  const profiles = new Map(snapshot.profiles.map(({ domain, name, arn }) => [`${domain}/${name}`, arn]))
  return {
    policy: planned.policy,
    holder: (kind, name) => names[kind].get(name) ?? planned.holder(kind, name),
    profile: (domain, name) =>
      profiles.get(`${domain}/${name}`) ?? planned.profile(domain, name).replace(':*:', `:${plan.region}:`),
  }
}

function byName(holders: readonly { readonly name: string; readonly arn: string }[]) {
  return new Map(holders.map(({ name, arn }) => [name, arn]))
}
