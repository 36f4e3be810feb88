import type { Operation, Request, Risk } from '../../src/plan/operation.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { documentText, type PolicyDocument } from '../../src/policy/document.ts'
import type { Tag } from '../../src/snapshot/snapshot.ts'
import type { Target, TargetPolicy, TargetPrincipal, TargetRole } from '../../src/target/target.ts'

const account = '123456789012'
const name = 'ml-platform'
export const policyPath = `/mlflow-iam/${name}/`
const ownTags: readonly Tag[] = [
  { Key: 'managed-by', Value: 'mlflow-iam' },
  { Key: 'mlflow-iam:grants', Value: name },
]

export const serverArn = `arn:aws:sagemaker:eu-west-1:${account}:mlflow-tracking-server/ml-dev`

export function policyDocument(actions: readonly string[], resource = serverArn): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'MlflowActions',
        Effect: 'Allow',
        Action: actions.map((action) => `sagemaker-mlflow:${action}`),
        Resource: resource,
      },
      { Sid: 'MlflowUi', Effect: 'Allow', Action: 'sagemaker-mlflow:AccessUI', Resource: '*' },
    ],
  }
}

export const sagemakerTrust: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: ['sagemaker.amazonaws.com'] }, Action: 'sts:AssumeRole' },
  ],
}

export function targetPolicy(policyName: string, document: PolicyDocument): TargetPolicy {
  return {
    arn: `arn:aws:iam::${account}:policy${policyPath}${policyName}`,
    name: policyName,
    path: policyPath,
    document,
    description: `MLflow access, managed by mlflow-iam (${name}).`,
    tags: [...ownTags, { Key: 'mlflow-iam:persona', Value: 'viewer' }],
    purpose: 'viewer on ml-dev',
  }
}

export function targetRole(roleName: string): TargetRole {
  return {
    arn: `arn:aws:iam::${account}:role/${roleName}`,
    name: roleName,
    path: '/',
    purpose: 'tracking-server',
    existing: false,
    trust: sagemakerTrust,
    description: 'Service role of the MLflow tracking server.',
    tags: ownTags,
  }
}

/** The request that makes a policy as the target says. */
export function createPolicy(policy: TargetPolicy): Request {
  return {
    action: 'CreatePolicy',
    input: {
      PolicyName: policy.name,
      Path: policy.path,
      PolicyDocument: documentText(policy.document),
      Description: policy.description,
      Tags: policy.tags,
    },
  }
}

export function createRole(role: TargetRole): Request {
  return {
    action: 'CreateRole',
    input: {
      RoleName: role.name,
      Path: role.path,
      AssumeRolePolicyDocument: documentText(role.trust),
      Description: role.description,
      Tags: role.tags,
    },
  }
}

export function attach(kind: 'user' | 'group' | 'role', principal: string, PolicyArn: string): Request {
  if (kind === 'user') return { action: 'AttachUserPolicy', input: { UserName: principal, PolicyArn } }
  if (kind === 'group') return { action: 'AttachGroupPolicy', input: { GroupName: principal, PolicyArn } }
  return { action: 'AttachRolePolicy', input: { RoleName: principal, PolicyArn } }
}

export function detach(kind: 'user' | 'group' | 'role', principal: string, PolicyArn: string): Request {
  if (kind === 'user') return { action: 'DetachUserPolicy', input: { UserName: principal, PolicyArn } }
  if (kind === 'group') return { action: 'DetachGroupPolicy', input: { GroupName: principal, PolicyArn } }
  return { action: 'DetachRolePolicy', input: { RoleName: principal, PolicyArn } }
}

export interface Step {
  readonly request: Request
  readonly inverse: readonly Request[]
  readonly because?: string
  readonly risk?: Risk
  readonly principal?: string
}

/** A plan of exactly these steps; what describes the result is given as a partial target. */
export function makePlan(steps: readonly Step[], target: Partial<Target> = {}): Plan {
  const operations = steps.map(
    (
      { request, inverse, because = 'It is in the grants file.', risk = 'adds', principal },
      index,
    ): Operation => ({
      ...request,
      id: `op-${index + 1}`,
      because,
      risk,
      inverse,
      ...(principal === undefined ? {} : { principal }),
    }),
  )
  return {
    version: 1,
    id: '7c1e0a12b3c4',
    account,
    partition: 'aws',
    region: 'eu-west-1',
    name,
    prune: false,
    snapshot: { takenAt: '2026-11-24T09:00:00Z', fingerprint: {} },
    target: {
      servers: [
        {
          key: 'ml-dev',
          kind: 'tracking-server',
          resource: serverArn,
          arns: [serverArn],
          region: 'eu-west-1',
          artifacts: [],
          kms: [],
          roles: [],
          planned: false,
        },
      ],
      principals: [],
      roles: [],
      policies: [],
      attachments: [],
      access: [],
      ...target,
    },
    operations,
    findings: [],
    totals: { adds: steps.length, changes: 0, removes: 0, deletes: 0 },
  }
}

export function principal(kind: 'user' | 'group' | 'role', principalName: string): TargetPrincipal {
  return { arn: `arn:aws:iam::${account}:${kind}/${principalName}`, kind, name: principalName, people: [] }
}

/** A plan for an empty account: every role and policy is made, every attachment added. */
export function planForEmptyAccount(
  policies: readonly TargetPolicy[],
  roles: readonly TargetRole[],
  attachments: readonly { readonly principal: TargetPrincipal; readonly policy: TargetPolicy }[],
): Plan {
  const made = new Set(roles.map(({ arn }) => arn))
  return makePlan(
    [
      ...roles.map((role) => ({
        request: createRole(role),
        inverse: [{ action: 'DeleteRole', input: { RoleName: role.name } } as const],
        because: `Makes the service role ${role.name}.`,
      })),
      ...policies.map((policy) => ({
        request: createPolicy(policy),
        inverse: [{ action: 'DeletePolicy', input: { PolicyArn: policy.arn } } as const],
        because: `Makes the policy ${policy.purpose}.`,
      })),
      ...attachments.map(({ principal: holder, policy }) => ({
        request: attach(holder.kind as 'user', holder.name, policy.arn),
        inverse: [detach(holder.kind as 'user', holder.name, policy.arn)],
        because: `Gives ${holder.kind}/${holder.name} ${policy.purpose}.`,
        principal: holder.arn,
      })),
    ],
    {
      roles,
      policies,
      principals: attachments.map(({ principal: holder }) => holder).filter(({ arn }) => !made.has(arn)),
      attachments: attachments.map(({ principal: holder, policy }) => ({
        principal: holder.arn,
        policy: policy.arn,
      })),
    },
  )
}
