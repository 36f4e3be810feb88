import type { PolicyEvaluationDecisionType } from '@aws-sdk/client-iam'
import type { Decision, RequestContext } from '@mlflow-iam/core/evaluate/access'
import type { DecideRequest } from '@mlflow-iam/core/evaluate/decide'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Account } from '../account/account.ts'
import { customArn, type Simulation } from './simulation-snapshot.ts'

export type Decide = (snapshot: Snapshot, request: DecideRequest) => Decision

export interface Verdict {
  readonly decision: PolicyEvaluationDecisionType
  /** Context keys that a condition asks for and nobody supplied. */
  readonly missing: readonly string[]
  /** The policy that decided, as the evaluator names it. */
  readonly source: string | undefined
  /** Whether the boundary lets it through; absent without one. */
  readonly boundary: boolean | undefined
}

/** Loads what decides: only where a policy is really asked. */
export async function loadDecide(): Promise<Decide> {
  return (await import('@mlflow-iam/core/evaluate/decide')).decide
}

/** May the principal of a simulation do this? The boundary counts; what nobody supplied is taken as absent. */
export function verdictOn(
  account: Account,
  decide: Decide,
  { snapshot, principal, boundary }: Simulation,
  question: Omit<DecideRequest, 'principal'>,
): Verdict {
  const granted = settle(decide, snapshot, { ...question, principal })
  const limited = boundary && settle(decide, boundary, { ...question, principal: customArn(account) })
  const decision =
    limited !== undefined && severity[limited.decision] > severity[granted.decision]
      ? limited.decision
      : granted.decision
  return {
    decision,
    missing: [...new Set([...granted.missing, ...(limited?.missing ?? [])])].sort(),
    source: granted.source,
    boundary: limited && limited.decision === 'allowed',
  }
}

const severity: Record<PolicyEvaluationDecisionType, number> = {
  allowed: 0,
  implicitDeny: 1,
  explicitDeny: 2,
}

/** What nobody supplied is taken as absent and named: so does the simulator of IAM. */
function settle(decide: Decide, snapshot: Snapshot, request: DecideRequest) {
  const missing = new Set<string>()
  let context: RequestContext = request.context ?? {}
  for (;;) {
    const decision = decide(snapshot, { ...request, context })
    const open = decision.outcome === 'depends' ? decision.keys.filter((key) => !missing.has(key)) : []
    if (open.length === 0) {
      return { decision: decisions[decision.outcome], missing: [...missing], source: decision.policy }
    }
    for (const key of open) missing.add(key)
    context = { ...context, ...Object.fromEntries(open.map((key) => [key, []])) }
  }
}

const decisions: Record<Decision['outcome'], PolicyEvaluationDecisionType> = {
  allowed: 'allowed',
  'explicit-deny': 'explicitDeny',
  'implicit-deny': 'implicitDeny',
  depends: 'implicitDeny',
}
