import type { Plan } from '../../plan/plan.ts'
import { documentText } from '../../policy/document.ts'
import type { Tag } from '../../snapshot/snapshot.ts'
import type { TargetPolicy, TargetRole } from '../../target/target.ts'
import { oneLine } from '../shell-quote.ts'
import type { Block, HclValue } from './hcl.ts'

/** A Terraform module, by file: blocks that `printHcl` and `printTerraformJson` print alike. */
export interface Module {
  readonly main: readonly Block[]
  readonly variables: readonly Block[]
  readonly versions: readonly Block[]
  readonly outputs: readonly Block[]
  readonly imports: readonly Block[]
}

/** The roles, policies and attachments of the plan's target, and import blocks for those that exist already. */
export function buildModule(plan: Plan): Module {
  const { roles, policies, attachments } = plan.target
  const made = roles.filter(({ existing }) => !existing)
  const names = nameEach([...made, ...policies])
  const main: Block[] = []
  const imports: Block[] = []
  const isNew = newThings(plan)

  const add = (type: string, label: string, comment: string, body: Block['body'], id: string | undefined) => {
    main.push({ type: 'resource', labels: [type, label], comment: oneLine(comment), body })
    if (id === undefined) return
    const to = { $reference: `${type}.${label}` }
    imports.push({
      type: 'import',
      labels: [],
      body: [
        ['to', to],
        ['id', id],
      ],
    })
  }

  for (const role of made) {
    const id = isNew.has(role.arn) ? undefined : role.name
    add('aws_iam_role', names.get(role.arn) ?? '', role.description, roleBody(role), id)
  }
  for (const policy of policies) {
    const id = isNew.has(policy.arn) ? undefined : policy.arn
    add('aws_iam_policy', names.get(policy.arn) ?? '', policy.purpose, policyBody(policy), id)
  }
  const labels = new Set<string>()
  for (const { principal, policy } of attachments) {
    const holder = holderOf(plan, principal, made, names)
    const label = free(
      labels,
      `${holder.label}_${names.get(policy) ?? identifier(policy.replace(/^.*\//, ''))}`,
    )
    const found = policies.find(({ arn }) => arn === policy)
    const comment = `${holder.kind}/${holder.name}: ${found?.purpose ?? policy}`
    const id = isNew.has(`${principal} ${policy}`) ? undefined : holder.importId(policy)
    add(
      holder.type,
      label,
      comment,
      [...holder.body, ...policyAttributes(policy, found, names, holder.kind)],
      id,
    )
  }
  return {
    main,
    imports,
    variables: variables(plan),
    versions: versions(plan),
    outputs: outputs(plan, names),
  }
}

function roleBody(role: TargetRole): Block['body'] {
  return [
    ['name', role.name],
    ['path', role.path],
    ['description', role.description],
    ['assume_role_policy', { $heredoc: documentText(role.trust) }],
    ['tags', tagMap(role.tags)],
  ]
}

function policyBody(policy: TargetPolicy): Block['body'] {
  return [
    ['name', policy.name],
    ['path', policy.path],
    ['description', policy.description],
    ['policy', { $heredoc: documentText(policy.document) }],
    ['tags', tagMap(policy.tags)],
  ]
}

function tagMap(tags: readonly Tag[]): HclValue {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))
}

interface Holder {
  readonly kind: string
  readonly name: string
  readonly label: string
  readonly type: string
  readonly body: Block['body']
  readonly importId: (policy: string) => string
}

function holderOf(
  plan: Plan,
  arn: string,
  made: readonly TargetRole[],
  names: ReadonlyMap<string, string>,
): Holder {
  const known = plan.target.principals.find((principal) => principal.arn === arn)
  const kind = known?.kind ?? (/:(user|group|role)\//.exec(arn)?.[1] as 'user' | undefined) ?? 'role'
  const name = known?.name ?? arn.replace(/^.*\//, '')
  const label = `${kind.replace('-', '_')}_${identifier(name)}`
  if (kind === 'permission-set') {
    const instance = arn.replace(/:permissionSet\/([^/]+)\/.*$/, ':instance/$1')
    return {
      ...{ kind, name, label },
      type: 'aws_ssoadmin_customer_managed_policy_attachment',
      body: [
        ['instance_arn', instance],
        ['permission_set_arn', arn],
      ],
      importId: (policy) => `${policy.replace(/^.*\//, '')},${pathOf(policy)},${arn},${instance}`,
    }
  }
  const own = made.some((role) => role.arn === arn)
  const value = own ? { $reference: `aws_iam_role.${names.get(arn)}.name` } : name
  return {
    ...{ kind, name, label },
    type: `aws_iam_${kind}_policy_attachment`,
    body: [[kind, value]],
    importId: (policy) => `${name}/${policy}`,
  }
}

function policyAttributes(
  arn: string,
  policy: TargetPolicy | undefined,
  names: ReadonlyMap<string, string>,
  kind: string,
): Block['body'] {
  const name = names.get(arn)
  const member = (of: string, otherwise: string): HclValue =>
    policy === undefined ? otherwise : { $reference: `aws_iam_policy.${name}.${of}` }
  if (kind !== 'permission-set') return [['policy_arn', member('arn', arn)]]
  const body: Block['body'] = [
    ['name', member('name', arn.replace(/^.*\//, ''))],
    ['path', member('path', pathOf(arn))],
  ]
  return [{ type: 'customer_managed_policy_reference', labels: [], body }]
}

function pathOf(policyArn: string): string {
  return policyArn.replace(/^[^/]*/, '').replace(/[^/]*$/, '')
}

/** What this plan makes: ARNs of roles and policies, `principal policy` of attachments. All else exists. */
function newThings(plan: Plan): ReadonlySet<string> {
  const { roles, policies, attachments } = plan.target
  const made = new Set<string>()
  for (const operation of plan.operations) {
    const { action, input } = operation
    if (action === 'CreateRole') add(roles.find(({ name }) => name === input.RoleName)?.arn)
    if (action === 'CreatePolicy') add(policies.find(({ name }) => name === input.PolicyName)?.arn)
    if (action.startsWith('Attach') && 'PolicyArn' in input) {
      const name = 'UserName' in input ? input.UserName : 'GroupName' in input ? input.GroupName : undefined
      const holder = name ?? ('RoleName' in input ? input.RoleName : '')
      const found = attachments.find(
        ({ principal, policy }) =>
          policy === input.PolicyArn && principal.endsWith(`/${holder}`) && isOf(principal, action),
      )
      add(found && `${found.principal} ${found.policy}`)
    }
    if (action === 'AttachCustomerManagedPolicyReferenceToPermissionSet') {
      const { Name, Path } = input.CustomerManagedPolicyReference
      const found = attachments.find(
        ({ principal, policy }) => principal === input.PermissionSetArn && policy.endsWith(`${Path}${Name}`),
      )
      add(found && `${found.principal} ${found.policy}`)
    }
  }
  return made

  function add(thing: string | undefined): void {
    if (thing !== undefined) made.add(thing)
  }
}

/** `AttachUserPolicy` is of `…:user/…`. */
function isOf(principal: string, action: string): boolean {
  return principal.split(':')[5]?.startsWith(`${action.slice(6, -6).toLowerCase()}/`) ?? false
}

function variables(plan: Plan): readonly Block[] {
  return [
    {
      type: 'variable',
      labels: ['account_id'],
      body: [
        ['description', 'The AWS account in which this may be applied. The documents name it as well.'],
        ['type', { $reference: 'string' }],
        ['default', plan.account],
      ],
    },
    {
      type: 'variable',
      labels: ['region'],
      body: [
        ['description', 'Region of the AWS provider. IAM itself has no regions.'],
        ['type', { $reference: 'string' }],
        ['default', plan.region],
      ],
    },
  ]
}

function versions(plan: Plan): readonly Block[] {
  const aws: HclValue = { source: 'hashicorp/aws', version: '>= 5.0' }
  return [
    {
      type: 'terraform',
      labels: [],
      comment: oneLine(`MLflow access of ${plan.name}, made from plan ${plan.id} by mlflow-iam.`),
      body: [
        ['required_version', '>= 1.5'],
        { type: 'required_providers', labels: [], body: [['aws', aws]] },
      ],
    },
    {
      type: 'provider',
      labels: ['aws'],
      comment: 'Refuses every other account, whatever the credentials say.',
      body: [
        ['region', { $reference: 'var.region' }],
        ['allowed_account_ids', [{ $reference: 'var.account_id' }]],
      ],
    },
  ]
}

function outputs(plan: Plan, names: ReadonlyMap<string, string>): readonly Block[] {
  const arns = (type: string, things: readonly { readonly arn: string; readonly name: string }[]): HclValue =>
    Object.fromEntries(things.map(({ arn, name }) => [name, { $reference: `${type}.${names.get(arn)}.arn` }]))
  const made = plan.target.roles.filter(({ existing }) => !existing)
  return [
    {
      type: 'output',
      labels: ['policy_arns'],
      body: [
        ['description', 'ARNs of the policies, by name.'],
        ['value', arns('aws_iam_policy', plan.target.policies)],
      ],
    },
    {
      type: 'output',
      labels: ['role_arns'],
      body: [
        ['description', 'ARNs of the service roles, by name.'],
        ['value', arns('aws_iam_role', made)],
      ],
    },
  ]
}

/** A label for each ARN: the name without our prefix, as an identifier, never twice. */
function nameEach(
  things: readonly { readonly arn: string; readonly name: string }[],
): ReadonlyMap<string, string> {
  const labels = new Set<string>()
  return new Map(
    things.map(({ arn, name }) => [arn, free(labels, identifier(name.replace(/^mlflow-iam-/, '')))]),
  )
}

function free(labels: Set<string>, wanted: string): string {
  let label = wanted
  for (let number = 2; labels.has(label); number += 1) label = `${wanted}_${number}`
  labels.add(label)
  return label
}

function identifier(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '')
  return /^[A-Za-z]/.test(plain) ? plain : `n${plain}`
}
