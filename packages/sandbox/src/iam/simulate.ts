import type {
  ContextEntry,
  EvaluationResult,
  SimulateCustomPolicyRequest,
  SimulatePolicyResponse,
  SimulatePrincipalPolicyRequest,
  Statement,
} from '@aws-sdk/client-iam'
import type { RequestContext } from '@mlflow-iam/core/evaluate/access'
import type { DecideRequest } from '@mlflow-iam/core/evaluate/decide'
import type { Account } from '../account/account.ts'
import { ignored, list, oneOf, required, struct, text } from '../wire/rules.ts'
import { operation } from '../wire/service.ts'
import { isAwsManaged } from './find.ts'
import { arn, document, paging } from './members.ts'
import { pageEnd, pageOfList } from './paging.ts'
import { checkIdentityPolicy } from './policy-grammar.ts'
import { invalidInput } from './refusals.ts'
import { customArn, customSimulation, principalSimulation, type Simulation } from './simulation-snapshot.ts'
import { type Decide, loadDecide, verdictOn } from './verdict.ts'

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
  const decide = await loadDecide()
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
  simulation: Simulation,
  question: Omit<DecideRequest, 'principal'>,
): EvaluationResult {
  const verdict = verdictOn(account, decide, simulation, question)
  return {
    EvalActionName: question.action,
    EvalResourceName: question.resource,
    EvalDecision: verdict.decision,
    MatchedStatements: verdict.source === undefined ? [] : [statementOf(account, verdict.source)],
    MissingContextValues: [...verdict.missing],
    ...(verdict.boundary === undefined
      ? {}
      : { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: verdict.boundary } }),
  }
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
