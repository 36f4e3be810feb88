import type { Request } from '../plan/operation.ts'
import type { Plan } from '../plan/plan.ts'
import type { Statement } from '../policy/document.ts'

/** What runs an export. */
export type Runner = 'scripts' | 'cloudformation' | 'terraform'

/** The reads that each of them makes before and after it writes. */
export function runnerReads(plan: Plan, runner: Runner, requests: readonly Request[]): readonly Statement[] {
  const policies = policiesNamed(plan, requests)
  if (runner === 'scripts') return scriptReads(requests, policies)
  const holders = plan.target.attachments.map(({ principal }) => principal)
  const made = plan.target.roles.map(({ arn }) => arn)
  const things = sorted([...policies, ...made, ...holders.filter((arn) => arn.includes(':iam:'))])
  const inline = (plan.target.inline ?? []).map(({ principal }) => principal)
  const sets = sorted([...holders.filter((arn) => arn.includes(':permissionSet/')), ...inline])
  const instances = sets.map((arn) => arn.replace(/:permissionSet\/([^/]+)\/.*$/, ':instance/$1'))
  return [
    ...statement('ReadBack', ['iam:Get*', 'iam:List*'], things),
    ...(runner === 'terraform'
      ? statement('ReadPermissionSets', setReads(inline.length > 0), sorted([...instances, ...sets]))
      : statement('Stack', stackActions, [
          `arn:${plan.partition}:cloudformation:*:${plan.account}:stack/mlflow-iam-${plan.name}/*`,
        ])),
    ...statement('Look', ['sts:GetCallerIdentity'], ['*']),
  ]
}

function setReads(inline: boolean): readonly string[] {
  return ['sso:Describe*', ...(inline ? ['sso:GetInlinePolicyForPermissionSet'] : []), 'sso:List*']
}

const stackActions = [
  'cloudformation:CreateChangeSet',
  'cloudformation:CreateStack',
  'cloudformation:DeleteStack',
  'cloudformation:Describe*',
  'cloudformation:ExecuteChangeSet',
  'cloudformation:GetTemplate*',
  'cloudformation:UpdateStack',
]

function scriptReads(requests: readonly Request[], policies: readonly string[]): readonly Statement[] {
  const does = (pattern: RegExp) => requests.some(({ action }) => pattern.test(action))
  const attached = does(/^Attach(?:User|Group|Role)Policy$/) ? policies : []
  const everywhere = [
    ...(does(/^CreatePolicy/) ? ['iam:ListPolicies'] : []),
    ...(does(/^ProvisionPermissionSet$/) ? ['sso:DescribePermissionSetProvisioningStatus'] : []),
    'sts:GetCallerIdentity',
  ]
  return [
    ...statement('LookAtPolicies', ['iam:ListEntitiesForPolicy'], attached),
    ...statement('Look', everywhere, ['*']),
  ]
}

function policiesNamed(plan: Plan, requests: readonly Request[]): readonly string[] {
  const named = requests.flatMap(({ input }) => ('PolicyArn' in input ? [input.PolicyArn] : []))
  return sorted([...plan.target.policies.map(({ arn }) => arn), ...named])
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort()
}

function statement(
  Sid: string,
  Action: readonly string[],
  Resource: readonly string[],
): readonly Statement[] {
  return Resource.length === 0 ? [] : [{ Sid, Effect: 'Allow', Action, Resource }]
}
