import { findAction } from '../catalog/actions.ts'
import { parseArn } from '../policy/arn.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { Decision, RequestContext } from './access.ts'
import { accountOf, type HeldPolicy, type Holder } from './account.ts'
import type { CompiledPolicy } from './compile-policy.ts'
import { lowerContext, requestFacts } from './facts.ts'
import type { RequestFacts } from './request.ts'
import { allOf, mergeKeys, type Truth } from './truth.ts'
import { mayDenyUnread } from './unread-policy.ts'

export interface DecideRequest {
  /** ARN of a user, group, role, role session or permission set. */
  readonly principal: string
  /** Full name, or the bare name of an MLflow action. */
  readonly action: string
  /** ARN. Actions without resource types are asked for on `*`, whatever is named here. */
  readonly resource: string
  readonly now: Date
  readonly context?: RequestContext
}

/** Whether one principal may do one thing, and the statement that says so. */
export function decide(snapshot: Snapshot, request: DecideRequest): Decision {
  const account = accountOf(snapshot)
  const holder = account.find(request.principal)
  if (!holder) return { outcome: 'implicit-deny', keys: [] }
  const known = findAction(request.action)
  const action = (known?.name ?? request.action).toLowerCase()
  const facts = requestFacts({
    account,
    holder,
    resource: known?.resourceTypes.length === 0 ? '*' : request.resource,
    region: parseArn(request.resource)?.region || snapshot.region,
    controlPlane: action.startsWith('sagemaker:') && action !== 'sagemaker:callmlflowappapi',
    now: request.now,
    context: lowerContext(request.context),
  })
  return judge(holder, action, known?.resourceTypes.length === 0 ? '*' : request.resource, facts)
}

/** The order of IAM's evaluation: an explicit deny wins, then an allow counts that the boundary allows too. */
function judge(holder: Holder, action: string, resource: string, facts: RequestFacts): Decision {
  const ask = (effect: 'Allow' | 'Deny', policies: readonly HeldPolicy[]) =>
    findDecider(effect, policies, action, resource, facts)
  const { unread } = holder
  const boundary: readonly HeldPolicy[] = holder.boundary?.policy
    ? [{ label: holder.boundary.arn, policy: holder.boundary.policy }]
    : []
  const denial = orUnread(ask('Deny', [...holder.policies, ...boundary]), unread.filter(mayDenyUnread))
  if (denial?.truth === true) return { outcome: 'explicit-deny', ...sourceOf(denial), keys: [] }
  const grant = orUnread(ask('Allow', holder.policies), unread)
  if (!grant) return { outcome: 'implicit-deny', keys: [] }
  const limit = holder.boundary?.policy ? ask('Allow', boundary) : undefined
  if (holder.boundary?.policy && !limit)
    return { outcome: 'implicit-deny', policy: holder.boundary.arn, keys: [] }

  const open = [grant, limit, denial].filter((one) => one !== undefined && one.truth !== true)
  const unreadBoundary = holder.boundary && !holder.boundary.policy ? [holder.boundary.arn] : []
  let keys: readonly string[] = []
  for (const one of open) if (one && typeof one.truth !== 'boolean') keys = mergeKeys(keys, one.truth.keys)
  keys = mergeKeys(keys, unreadBoundary)
  if (open.length === 0 && unreadBoundary.length === 0)
    return { outcome: 'allowed', ...sourceOf(grant), keys: [] }
  return { outcome: 'depends', ...sourceOf(open[0] ?? grant), keys }
}

interface Decider {
  readonly label: string
  /** Absent for a policy that was not read. */
  readonly statement?: string
  readonly truth: Truth
}

/** What is not sure is not known while a policy may say so that was not read. */
function orUnread(found: Decider | undefined, unread: readonly string[]): Decider | undefined {
  const [label] = unread
  if (label === undefined || found?.truth === true) return found
  if (!found || typeof found.truth === 'boolean') return { label, truth: { keys: unread } }
  return { ...found, truth: { keys: mergeKeys(found.truth.keys, unread) } }
}

/** The first statement that surely applies; else the first that may, with the keys of all that may. */
function findDecider(
  effect: 'Allow' | 'Deny',
  policies: readonly HeldPolicy[],
  action: string,
  resource: string,
  facts: RequestFacts,
): Decider | undefined {
  let maybe: Decider | undefined
  for (const { label, policy } of policies) {
    for (const [statement, truth] of applying(policy, effect, action, resource, facts)) {
      if (truth === true) return { label, statement, truth }
      if (truth === false) continue
      const keys = typeof maybe?.truth === 'object' ? mergeKeys(maybe.truth.keys, truth.keys) : truth.keys
      maybe = { label, statement, ...maybe, truth: { keys } }
    }
  }
  return maybe
}

function* applying(
  policy: CompiledPolicy,
  effect: 'Allow' | 'Deny',
  action: string,
  resource: string,
  facts: RequestFacts,
): Generator<readonly [string, Truth]> {
  for (const statement of policy.statements) {
    if (statement.effect !== effect || !statement.coversAction(action)) continue
    yield [statement.name, allOf([statement.coversResource(resource, facts), statement.holds(facts)])]
  }
}

function sourceOf({ label, statement }: Decider): { policy: string; statement?: string } {
  return { policy: label, ...(statement === undefined ? {} : { statement }) }
}
