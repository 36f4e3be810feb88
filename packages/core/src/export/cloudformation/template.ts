import type { Plan } from '../../plan/plan.ts'
import { exitCodes, Problem } from '../../problem.ts'
import type { TargetPolicy, TargetPrincipal, TargetRole } from '../../target/target.ts'
import { inHomeRegion, nothing } from './home-region.ts'
import { collectParameters, type Parameter, type Parameters, word } from './parameters.ts'

/** A CloudFormation template as data: what JSON prints, and YAML prints with short forms. */
export interface Template {
  readonly AWSTemplateFormatVersion: '2010-09-09'
  readonly Description: string
  readonly Parameters?: Readonly<Record<string, Parameter>>
  readonly Conditions?: Readonly<Record<string, unknown>>
  readonly Resources: Readonly<Record<string, Resource>>
  readonly Outputs?: Readonly<Record<string, unknown>>
}

export interface Resource {
  readonly Type: string
  readonly Condition?: string
  readonly DependsOn?: readonly string[]
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
  readonly Properties?: Readonly<Record<string, unknown>>
}

export interface TemplateOptions {
  /** One stack in each account and region: only the stack in the home region makes anything, as IAM has no regions. */
  readonly manyRegions: boolean
}

/** CloudFormation's own limits. */
const resourceLimit = 500
const parameterLimit = 200
const valueLimit = 4096

/** The roles, policies and attachments of the plan's target as one template that fits other accounts too. */
export function buildTemplate(plan: Plan, { manyRegions }: TemplateOptions): Template {
  const { roles, policies } = plan.target
  const made = roles.filter(({ existing }) => !existing)
  if (made.length + policies.length + 1 > resourceLimit) throw tooMany(made.length + policies.length)
  const parameters = collectParameters(plan)
  const conditions: Record<string, unknown> = {}
  const resources: Record<string, Resource> = {}
  const ids = new Map<string, string>()
  for (const thing of [...made, ...policies]) ids.set(thing.arn, freeId(ids, thing))

  for (const role of made) resources[idOf(ids, role.arn)] = roleResource(role, plan, parameters)
  for (const policy of policies) {
    resources[idOf(ids, policy.arn)] = policyResource(policy, plan, { made, ids, parameters, conditions })
  }
  const outputs = Object.fromEntries(
    made.map(({ arn, name }) => [
      `${idOf(ids, arn)}Arn`,
      { Description: `ARN of the role ${name}.`, Value: { 'Fn::GetAtt': [idOf(ids, arn), 'Arn'] } },
    ]),
  )
  const template = {
    AWSTemplateFormatVersion: '2010-09-09' as const,
    Description: `MLflow access of ${plan.name} on Amazon SageMaker AI (mlflow-iam, plan ${plan.id}).`,
    Parameters: Object.fromEntries(parameters.all),
    Conditions: conditions,
    Resources: Object.keys(resources).length === 0 ? nothing : resources,
    Outputs: outputs,
  }
  return withoutEmpty(manyRegions ? inHomeRegion(template, plan) : template)
}

interface Making {
  readonly made: readonly TargetRole[]
  readonly ids: ReadonlyMap<string, string>
  readonly parameters: Parameters
  readonly conditions: Record<string, unknown>
}

function roleResource(role: TargetRole, plan: Plan, parameters: Parameters): Resource {
  const own = new Set(plan.target.policies.map(({ arn }) => arn))
  // Policies from elsewhere, which a role that a split makes has like the shared one.
  const copied = plan.target.attachments.filter(
    ({ principal, policy }) => principal === role.arn && !own.has(policy),
  )
  return {
    Type: 'AWS::IAM::Role',
    // Tracking servers or people run on it: deleting the stack must not take it from under them.
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      RoleName: { Ref: parameters.roleName(role.name) },
      Path: role.path,
      Description: role.description,
      AssumeRolePolicyDocument: parameters.substitute(role.trust),
      ...(role.maxSessionDuration ? { MaxSessionDuration: role.maxSessionDuration } : {}),
      ...(role.boundary ? { PermissionsBoundary: parameters.substitute(role.boundary) } : {}),
      ...(copied.length > 0
        ? { ManagedPolicyArns: copied.map(({ policy }) => parameters.substitute(policy)) }
        : {}),
      Tags: role.tags,
    },
  }
}

function policyResource(policy: TargetPolicy, plan: Plan, making: Making): Resource {
  const { made, ids, parameters } = making
  const holders = plan.target.attachments.filter((attachment) => attachment.policy === policy.arn)
  const serves = made.filter(({ arn }) => holders.some((holder) => holder.principal === arn))
  const named = made.filter(
    (role) => !serves.includes(role) && JSON.stringify(policy.document).includes(`"${role.arn}"`),
  )
  return {
    Type: 'AWS::IAM::ManagedPolicy',
    ...(named.length === 0 ? {} : { DependsOn: named.map(({ arn }) => idOf(ids, arn)) }),
    ...(serves.length === 0 ? {} : { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }),
    Properties: {
      ManagedPolicyName: policy.name,
      Path: policy.path,
      Description: policy.description,
      PolicyDocument: parameters.substitute(policy.document),
      ...holdersOf(policy, plan, making),
    },
  }
}

const kinds = { user: 'Users', group: 'Groups', role: 'Roles' } as const

/** `Users`, `Groups` and `Roles`: lists that other accounts can set, or exact names where a list cannot carry them. */
function holdersOf(policy: TargetPolicy, plan: Plan, { made, ids, parameters, conditions }: Making) {
  const holders = plan.target.attachments
    .filter((attachment) => attachment.policy === policy.arn)
    .map(({ principal }) => principal)
  const properties: Record<string, unknown> = {}
  for (const [kind, property] of Object.entries(kinds)) {
    const arns = holders.filter((arn) => arn.split(':')[5]?.startsWith(`${kind}/`))
    if (arns.length === 0) continue
    const names = arns.map((arn) => nameOf(plan.target.principals, arn))
    const own = arns.some((arn) => made.some((role) => role.arn === arn))
    const tooLong = names.join(',').length > valueLimit || names.some((name) => name.includes(','))
    if (own || tooLong || parameters.all.size >= parameterLimit - 50) {
      properties[property] = arns.map((arn, index) =>
        made.some((role) => role.arn === arn) ? { Ref: idOf(ids, arn) } : names[index],
      )
      continue
    }
    const name = `${idOf(ids, policy.arn)}${property}`
    parameters.list(
      name,
      names,
      `Names of IAM ${property.toLowerCase()}, with commas between, who get: ${policy.purpose}.`.slice(
        0,
        4000,
      ),
    )
    conditions[`Has${name}`] = { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: name }, ''] }] }
    const list = { 'Fn::Split': [',', { Ref: name }] }
    properties[property] = { 'Fn::If': [`Has${name}`, list, { Ref: 'AWS::NoValue' }] }
  }
  return properties
}

function withoutEmpty(template: Template): Template {
  const full = Object.entries(template).filter(
    ([, part]) => typeof part !== 'object' || part === null || Object.keys(part).length > 0,
  )
  return Object.fromEntries(full) as unknown as Template
}

function nameOf(principals: readonly TargetPrincipal[], arn: string): string {
  return principals.find((principal) => principal.arn === arn)?.name ?? arn.replace(/^.*\//, '')
}

function idOf(ids: ReadonlyMap<string, string>, arn: string): string {
  return ids.get(arn) ?? word(arn)
}

/** A logical id: `ViewerPolicy1a2b3c4d`, `MlflowTrackingServerRole`; never twice. */
function freeId(taken: ReadonlyMap<string, string>, { name, ...thing }: TargetPolicy | TargetRole): string {
  const kind = 'trust' in thing ? 'Role' : 'Policy'
  const base = word(name.replace(/^mlflow-iam-/, '')).replace(new RegExp(`${kind}$`), '') + kind
  const used = new Set(taken.values())
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}${number}`
    if (!used.has(id)) return id
  }
}

function tooMany(found: number): Problem {
  return new Problem('TEMPLATE_TOO_LARGE', `One template cannot hold ${found} roles and policies.`, {
    why: `CloudFormation takes ${resourceLimit} resources in a template.`,
    fix: [
      'Split the grants file into several, each with a name of its own, or export as shell or terraform.',
    ],
    exit: exitCodes.badInput,
  })
}
