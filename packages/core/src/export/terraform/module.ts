import type { Plan } from '../../plan/plan.ts'
import { documentText } from '../../policy/document.ts'
import type { Tag } from '../../snapshot/snapshot.ts'
import type { TargetPolicy, TargetRole } from '../../target/target.ts'
import { principalName } from '../describe-step.ts'
import { oneLine } from '../shell-quote.ts'
import type { Block, HclValue } from './hcl.ts'
import { outputs, variables, versions } from './scaffold.ts'
import { newThings } from './what-is-new.ts'

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
  for (const inline of plan.target.inline ?? []) {
    const name = principalName(plan, inline.principal)
    const label = free(labels, identifier(`permission_set_${name.replace(/^.*\//, '').replace(/ .*$/, '')}`))
    add(
      'aws_ssoadmin_permission_set_inline_policy',
      label,
      `${name}: the whole inline policy, what others wrote in it and ${inline.purpose}`,
      [
        ['instance_arn', inline.instance],
        ['permission_set_arn', inline.principal],
        ['inline_policy', { $heredoc: inline.document }],
      ],
      isNew.has(inline.principal) ? undefined : `${inline.principal},${inline.instance}`,
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
    ...(role.maxSessionDuration ? ([['max_session_duration', role.maxSessionDuration]] as const) : []),
    ...(role.boundary ? ([['permissions_boundary', role.boundary]] as const) : []),
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
