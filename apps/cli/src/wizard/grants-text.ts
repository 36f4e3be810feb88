import type { GrantsServer } from '@mlflow-iam/core/grants/grants-file'
import { stringify } from 'yaml'
import { type Edit, grantsOf } from './edit.ts'

/** The grants file that says what was chosen. The same choices always give the same bytes. */
export function grantsText(edit: Edit): string {
  const file: Record<string, unknown> = { version: 1, name: edit.name }
  if (edit.account) file.account = edit.account
  if (edit.partition !== 'aws') file.partition = edit.partition
  if (edit.region) file.region = edit.region
  if (edit.servers.length > 0) {
    file.servers = Object.fromEntries(
      edit.servers.map((server) => [server.key, serverValue(server, edit.region)]),
    )
  }
  const roles = rolesValue(edit)
  if (Object.keys(roles).length > 0) file.roles = roles
  if (edit.personas.length > 0) {
    file.personas = Object.fromEntries(
      edit.personas.map((persona) => [
        persona.name,
        dropEmpty({
          extends: oneOrMany(persona.extends),
          add: persona.add,
          remove: persona.remove,
          title: persona.title,
        }),
      ]),
    )
  }
  const grants = grantsOf(edit).map((grant) =>
    dropEmpty({
      to: oneOrMany(grant.to),
      persona: oneOrMany(grant.personas),
      on: oneOrMany(grant.on),
      add: grant.add,
      remove: grant.remove,
      until: grant.until,
      when: grant.when && whenValue(grant.when),
      'policy-name': grant.policyName,
    }),
  )
  if (grants.length > 0) file.grants = grants
  return stringify(file, { lineWidth: 0, flowCollectionPadding: true })
}

function serverValue(server: GrantsServer, region: string | undefined): unknown {
  const common = { artifacts: server.artifacts, kms: server.kms }
  switch (server.kind) {
    case 'name':
      return dropEmpty({
        region: server.region === region ? undefined : server.region,
        planned: server.planned || undefined,
        ...common,
      })
    case 'arn':
      return dropEmpty({ arn: server.arn, planned: server.planned || undefined, ...common })
    case 'tag':
      return dropEmpty({
        tag: server.tags,
        region: server.region === region ? undefined : server.region,
        ...common,
      })
    case 'all':
      return dropEmpty({ all: true, region: server.region === region ? undefined : server.region, ...common })
    case 'app':
      return dropEmpty({ app: server.app, access: server.access, ...common })
  }
}

function rolesValue({ roles }: Edit): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  const server = roles['tracking-server']
  if (server) {
    out['tracking-server'] = dropEmpty({
      name: server.name,
      policy: server.policy === 'narrow' ? undefined : server.policy,
      existing: server.existing || undefined,
      buckets: server.buckets,
      kms: server.kms,
      registry: server.registry || undefined,
      trust: server.trust.sourceAccount ? { sourceAccount: true } : undefined,
    })
  }
  const sagemaker = roles.sagemaker
  if (sagemaker) {
    out.sagemaker = dropEmpty({
      name: sagemaker.name,
      policy: sagemaker.policy === 'narrow' ? undefined : sagemaker.policy,
      existing: sagemaker.existing || undefined,
      passes: sagemaker.passes,
      trust: sagemaker.trust.sourceAccount ? { sourceAccount: true } : undefined,
    })
  }
  return out
}

function whenValue(when: NonNullable<ReturnType<typeof grantsOf>[number]['when']>): unknown {
  return dropEmpty({
    mfa: when.mfa,
    ip: when.ip,
    vpce: when.vpce,
    vpc: when.vpc,
    'session-tags': Object.keys(when.sessionTags).length > 0 ? when.sessionTags : undefined,
  })
}

function oneOrMany(values: readonly string[]): string | readonly string[] | undefined {
  return values.length > 1 ? values : values[0]
}

function dropEmpty(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  )
}
