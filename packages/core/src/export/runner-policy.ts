import type { Request } from '../plan/operation.ts'
import type { Plan } from '../plan/plan.ts'
import { arnsOfPlan, needsOfRequest } from '../plan/request-needs.ts'
import type { PolicyDocument, Statement } from '../policy/document.ts'
import { type Runner, runnerReads } from './runner-reads.ts'

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
  const arns = arnsOfPlan(plan)
  const byResources = new Map<
    string,
    { resources: readonly string[]; actions: Set<string>; attached: Set<string> }
  >()
  for (const request of requests) {
    const { service, resources, besides } = needsOfRequest(request, arns)
    const attaches = /^(?:At|De)tach(?:User|Group|Role)Policy$/.test(request.action)
    const key = `${attaches} ${resources.join(' ')}`
    const entry = byResources.get(key) ?? { resources, actions: new Set(), attached: new Set() }
    for (const action of [request.action, ...besides]) entry.actions.add(`${service}:${action}`)
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
  const carried = /^(?:Create(?:Role|Policy)$|Attach(?:User|Group|Role)Policy$|UpdateUserProfile$)/
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
