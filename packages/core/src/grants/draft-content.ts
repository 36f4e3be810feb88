import type { GrantDraft, GrantsDraft } from './grants-draft.ts'
import type {
  CustomPersona,
  GrantConditions,
  GrantsServer,
  SageMakerRole,
  TrackingServerRole,
} from './grants-file.ts'

/** Plain data of a grants file, in the file's own keys and their usual order. */
export type Content = string | number | boolean | readonly Content[] | ContentMap
export interface ContentMap {
  readonly [key: string]: Content
}

/** A draft as the file says it, shortest form: no defaults, no empty lists. */
export function draftContent(draft: GrantsDraft): ContentMap {
  return compact({
    version: 1,
    name: draft.name,
    account: draft.account,
    partition: draft.partition === 'aws' ? undefined : draft.partition,
    region: draft.region,
    servers: section(draft.servers.map((server) => [server.key, serverContent(server)])),
    roles: section(rolesContent(draft.roles)),
    personas: section(draft.personas.map((persona) => [persona.name, personaContent(persona)])),
    grants: draft.grants.length === 0 ? undefined : draft.grants.map(grantContent),
    split: section(draft.split.map(({ profile, role }) => [profile, compact({ role })])),
    adopt: oneOrMany(draft.adopt),
    'permission-sets': section(
      draft.permissionSets.map(({ name, policy }) => [
        name,
        compact({ policy: policy === 'reference' ? undefined : policy }),
      ]),
    ),
    accounts: section(
      draft.accounts.map(({ account, profile, region }) => [account, compact({ profile, region })]),
    ),
  })
}

function serverContent(server: GrantsServer): ContentMap {
  const places = { artifacts: server.artifacts, kms: list(server.kms) }
  switch (server.kind) {
    case 'name':
      return compact({ region: server.region, ...places, planned: yes(server.planned) })
    case 'arn':
      return compact({ arn: server.arn, via: server.via, ...places, planned: yes(server.planned) })
    case 'tag':
      return compact({ tag: server.tags, region: server.region, ...places })
    case 'all':
      return compact({ all: true, region: server.region, ...places })
    case 'app':
      return compact({
        app: server.app,
        access: server.access,
        compatible: yes(server.compatible),
        ...places,
      })
  }
}

function rolesContent(roles: GrantsDraft['roles']): (readonly [string, ContentMap])[] {
  const { 'tracking-server': trackingServer, sagemaker } = roles
  const entries: (readonly [string, ContentMap])[] = []
  if (trackingServer) {
    const { buckets, kms, registry } = trackingServer
    const own = { buckets: list(buckets), kms: list(kms), registry: yes(registry) }
    entries.push(['tracking-server', compact({ ...roleContent(trackingServer), ...own })])
  }
  if (sagemaker)
    entries.push(['sagemaker', compact({ ...roleContent(sagemaker), passes: list(sagemaker.passes) })])
  return entries
}

function roleContent(role: TrackingServerRole | SageMakerRole): ContentMap {
  return compact({
    name: role.name,
    policy: role.policy === 'narrow' ? undefined : role.policy,
    existing: yes(role.existing),
    trust: role.trust.sourceAccount ? { sourceAccount: true } : undefined,
  })
}

function personaContent(persona: CustomPersona): ContentMap {
  return compact({
    extends: oneOrMany(persona.extends),
    add: list(persona.add),
    remove: list(persona.remove),
    title: persona.title,
  })
}

function grantContent(grant: GrantDraft): ContentMap {
  return compact({
    to: oneOrMany(grant.to),
    persona: oneOrMany(grant.personas),
    on: grant.everyServer ? undefined : oneOrMany(grant.on),
    add: list(grant.add),
    remove: list(grant.remove),
    until: grant.until === undefined ? undefined : endContent(grant.until),
    when: grant.when && conditionsContent(grant.when),
    'policy-name': grant.policyName,
  })
}

/** An end at midnight UTC is the date before it, which lasts until then. */
function endContent(until: string): string {
  if (!until.endsWith('T00:00:00Z')) return until
  return new Date(Date.parse(until) - 86_400_000).toISOString().slice(0, 10)
}

function conditionsContent(when: GrantConditions): ContentMap | undefined {
  const content = compact({
    mfa: yes(when.mfa ?? false),
    ip: list(when.ip),
    vpce: list(when.vpce),
    vpc: list(when.vpc),
    'session-tags': section(Object.entries(when.sessionTags)),
  })
  return Object.keys(content).length === 0 ? undefined : content
}

function section(entries: readonly (readonly [string, Content])[]): ContentMap | undefined {
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function oneOrMany(values: readonly string[]): Content | undefined {
  return values.length === 1 ? values[0] : values.length === 0 ? undefined : values
}

function list(values: readonly string[]): Content | undefined {
  return values.length === 0 ? undefined : values
}

function yes(value: boolean): true | undefined {
  return value ? true : undefined
}

function compact(members: Readonly<Record<string, Content | undefined>>): ContentMap {
  const entries = Object.entries(members).filter(
    (entry): entry is [string, Content] => entry[1] !== undefined,
  )
  return Object.fromEntries(entries)
}
