import type {
  ContextEntry,
  EvaluationResult,
  PolicyEvaluationDecisionType,
  SimulateCustomPolicyRequest,
  SimulatePolicyResponse,
  SimulatePrincipalPolicyRequest,
  Statement,
} from '@aws-sdk/client-iam'
import type { Decision, RequestContext } from '@mlflow-iam/core/evaluate/access'
import type { DecideRequest } from '@mlflow-iam/core/evaluate/decide'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Account } from '../account/account.ts'
import { ignored, list, oneOf, required, struct, text } from '../wire/rules.ts'
import { operation } from '../wire/service.ts'
import { isAwsManaged } from './find.ts'
import { arn, document, paging } from './members.ts'
import { pageEnd, pageOfList } from './paging.ts'
import { checkIdentityPolicy } from './policy-grammar.ts'
import { invalidInput } from './refusals.ts'
import { customArn, customSimulation, principalSimulation, type Simulation } from './simulation-snapshot.ts'

type Decide = (snapshot: Snapshot, request: DecideRequest) => Decision

const common = {
  PermissionsBoundaryPolicyInputList: list(document),
  ActionNames: required(list(text({ min: 3, max: 128 }))),
  ResourceArns: list(text({ min: 1, max: 2048 })),
  ResourcePolicy: ignored<string>(),
  ResourceOwner: ignored<string>(),
  CallerArn: ignored<string>(),
  ContextEntries: list(
    struct<ContextEntry>({
      ContextKeyName: text({ min: 5, max: 256 }),
      ContextKeyValues: list(text()),
      ContextKeyType: oneOf(
        ...(['string', 'numeric', 'boolean', 'ip', 'binary', 'date'] as const),
        ...(['stringList', 'numericList', 'booleanList', 'ipList', 'binaryList', 'dateList'] as const),
      ),
    }),
  ),
  ResourceHandlingOption: ignored<string>(),
  ...paging,
}

export const simulateOperations = {
  SimulatePrincipalPolicy: operation<SimulatePrincipalPolicyRequest, SimulatePolicyResponse>(
    {
      PolicySourceArn: required(arn),
      PolicyInputList: list(document),
      PolicyExclusionList: ignored(),
      ...common,
    },
    ({ account, now }, input) => {
      const extra = checked(input.PolicyInputList)
      const limits = checked(input.PermissionsBoundaryPolicyInputList)
      const simulation = principalSimulation(account, input.PolicySourceArn, extra, limits, now)
      return simulate(account, simulation, input, now)
    },
  ),

  SimulateCustomPolicy: operation<SimulateCustomPolicyRequest, SimulatePolicyResponse>(
    { PolicyInputList: required(list(document)), OrderedOrganizationPolicyInputList: ignored(), ...common },
    ({ account, now }, input) => {
      const limits = checked(input.PermissionsBoundaryPolicyInputList)
      return simulate(
        account,
        customSimulation(account, checked(input.PolicyInputList), limits, now),
        input,
        now,
      )
    },
  ),
}

function checked(documents: readonly string[] | undefined): readonly string[] {
  for (const each of documents ?? []) checkIdentityPolicy(each)
  return documents ?? []
}

interface Questions {
  readonly ActionNames: readonly string[]
  readonly ResourceArns?: string[] | undefined
  readonly ContextEntries?: ContextEntry[] | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

/** One result for each action on each resource. */
async function simulate(
  account: Account,
  simulation: Simulation,
  input: Questions,
  now: Date,
): Promise<SimulatePolicyResponse> {
  const { decide } = await import('@mlflow-iam/core/evaluate/decide')
  const resources = input.ResourceArns?.length ? input.ResourceArns : ['*']
  const context = contextOf(input.ContextEntries ?? [])
  for (const action of input.ActionNames) {
    if (!/^[a-z0-9-]+:[a-z0-9*]+$/i.test(action)) throw invalidInput(`Invalid Action: ${action}`)
  }
  const pairs = input.ActionNames.flatMap((action) => resources.map((resource) => ({ action, resource })))
  const page = pageOfList(pairs, input, 'SimulatePolicy')
  const results = page.rows.map((pair) => evaluate(account, decide, simulation, { ...pair, context, now }))
  return { EvaluationResults: results, ...pageEnd(page) }
}

function evaluate(
  account: Account,
  decide: Decide,
  { snapshot, principal, boundary }: Simulation,
  question: Omit<DecideRequest, 'principal'>,
): EvaluationResult {
  const granted = settle(decide, snapshot, { ...question, principal })
  const limited = boundary && settle(decide, boundary, { ...question, principal: customArn(account) })
  const decision = [granted, ...(limited ? [limited] : [])]
    .map((each) => each.verdict)
    .reduce((one, other) => (severity[other] > severity[one] ? other : one))
  return {
    EvalActionName: question.action,
    EvalResourceName: question.resource,
    EvalDecision: decision,
    MatchedStatements: granted.source === undefined ? [] : [statementOf(account, granted.source)],
    MissingContextValues: [...new Set([...granted.missing, ...(limited?.missing ?? [])])].sort(),
    ...(limited
      ? { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: limited.verdict === 'allowed' } }
      : {}),
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
    if (open.length === 0)
      return { verdict: verdicts[decision.outcome], missing: [...missing], source: decision.policy }
    for (const key of open) missing.add(key)
    context = { ...context, ...Object.fromEntries(open.map((key) => [key, []])) }
  }
}

const verdicts: Record<Decision['outcome'], PolicyEvaluationDecisionType> = {
  allowed: 'allowed',
  'explicit-deny': 'explicitDeny',
  'implicit-deny': 'implicitDeny',
  depends: 'implicitDeny',
}

function contextOf(entries: readonly ContextEntry[]): RequestContext {
  return Object.fromEntries(
    entries.map((entry) => [entry.ContextKeyName ?? '', entry.ContextKeyValues ?? []]),
  )
}

/** `policy` is a managed policy's ARN, or `inline:<name>@<holder's ARN>`. */
function statementOf(account: Account, policy: string): Statement {
  if (!policy.startsWith('inline:')) {
    const name = policy.slice(policy.lastIndexOf('/') + 1)
    return { SourcePolicyId: name, SourcePolicyType: isAwsManaged(policy) ? 'aws-managed' : 'user-managed' }
  }
  const [name = '', holder = ''] = policy.slice('inline:'.length).split('@arn:')
  if (`arn:${holder}` === customArn(account)) return { SourcePolicyId: name, SourcePolicyType: 'none' }
  const kind = /:(user|group|role)\//.exec(holder)?.[1] as 'user' | 'group' | 'role' | undefined
  return {
    SourcePolicyId: `${kind}_${holder.slice(holder.lastIndexOf('/') + 1)}_${name}`,
    SourcePolicyType: kind ?? 'none',
  }
}
