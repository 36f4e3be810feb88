import type {
  CustomPersona,
  Grant,
  GrantConditions,
  GrantsFile,
  GrantsServer,
  Locate,
} from './grants-file.ts'
import { bareAction } from './rules/choices.ts'
import { readEndTime } from './rules/end-time.ts'
import { normalizeCidr } from './rules/network.ts'
import { readPrincipal } from './rules/principal.ts'
import type { GrantsContent } from './schema.ts'

type OneOrMany = string | readonly string[] | undefined

/** Writes out the shorthands of content that passed every check. */
export function buildGrantsFile(content: GrantsContent, locate: Locate): GrantsFile {
  const servers = Object.entries(content.servers ?? {}).map(([key, server]) => buildServer(key, server ?? {}))
  return {
    version: 1,
    name: content.name,
    ...defined({ account: content.account, region: content.region }),
    partition: content.partition === 'aws-us-gov' ? 'aws-us-gov' : 'aws',
    servers,
    roles: buildRoles(content.roles ?? {}),
    personas: Object.entries(content.personas ?? {}).map(([name, persona]) => buildPersona(name, persona)),
    grants: (content.grants ?? []).map((grant, index) => buildGrant(grant, index, servers)),
    split: Object.entries(content.split ?? {}).map(([profile, split]) => ({
      profile,
      ...defined({ role: split?.role }),
    })),
    adopt: list(content.adopt),
    permissionSets: Object.entries(content['permission-sets'] ?? {}).map(([name, set]) => ({
      name,
      policy: set?.policy === 'inline' ? ('inline' as const) : ('reference' as const),
    })),
    accounts: Object.entries(content.accounts ?? {}).map(([account, { profile, region }]) => ({
      account,
      profile,
      ...defined({ region }),
    })),
    locate,
  }
}

type ServerContent = NonNullable<NonNullable<GrantsContent['servers']>[string]>

function buildServer(key: string, server: ServerContent): GrantsServer {
  const common = { key, ...defined({ artifacts: server.artifacts }), kms: list(server.kms) }
  const region = defined({ region: server.region })
  const planned = server.planned ?? false
  if (server.arn !== undefined)
    return { ...common, kind: 'arn', arn: server.arn, planned, ...defined({ via: server.via }) }
  if (server.tag !== undefined) return { ...common, kind: 'tag', tags: server.tag, ...region }
  if (server.all !== undefined) return { ...common, kind: 'all', ...region }
  if (server.app !== undefined)
    return {
      ...common,
      kind: 'app',
      app: server.app,
      access: 'full',
      compatible: server.compatible ?? false,
    }
  return { ...common, kind: 'name', ...region, planned }
}

function buildRoles(roles: NonNullable<GrantsContent['roles']>): GrantsFile['roles'] {
  const { 'tracking-server': trackingServer, sagemaker } = roles
  return {
    ...(trackingServer === undefined
      ? {}
      : {
          'tracking-server': {
            ...buildRole(trackingServer),
            buckets: list(trackingServer.buckets),
            kms: list(trackingServer.kms),
            registry: trackingServer.registry ?? false,
          },
        }),
    ...(sagemaker === undefined
      ? {}
      : { sagemaker: { ...buildRole(sagemaker), passes: list(sagemaker.passes) } }),
  }
}

interface RoleContent {
  readonly name: string
  readonly policy?: string | undefined
  readonly existing?: boolean | undefined
  readonly trust?: { readonly sourceAccount?: boolean | undefined } | undefined
}

function buildRole(role: RoleContent) {
  return {
    name: role.name,
    policy: role.policy === 'documented' ? ('documented' as const) : ('narrow' as const),
    existing: role.existing ?? false,
    trust: { sourceAccount: role.trust?.sourceAccount ?? false },
  }
}

function buildPersona(name: string, persona: NonNullable<GrantsContent['personas']>[string]): CustomPersona {
  const actions = { add: list(persona.add).map(bareAction), remove: list(persona.remove).map(bareAction) }
  return { name, ...defined({ title: persona.title }), extends: list(persona.extends), ...actions }
}

type GrantContent = NonNullable<GrantsContent['grants']>[number]

function buildGrant(grant: GrantContent, index: number, servers: readonly GrantsServer[]): Grant {
  const until = grant.until === undefined ? undefined : readEndTime(grant.until)
  return {
    index,
    to: list(grant.to).flatMap((text) => {
      const read = readPrincipal(text)
      return 'kind' in read ? [read] : []
    }),
    personas: list(grant.persona),
    on: grant.on === undefined ? servers.map((server) => server.key) : list(grant.on),
    ...(grant.on === undefined ? { everyServer: true } : {}),
    add: list(grant.add).map(bareAction),
    remove: list(grant.remove).map(bareAction),
    ...(typeof until === 'string' ? { until } : {}),
    ...defined({ when: buildConditions(grant.when), policyName: grant['policy-name'] }),
  }
}

/** Nothing where no condition is left: `mfa: false` and empty lists ask for nothing. */
function buildConditions(when: GrantContent['when']): GrantConditions | undefined {
  if (when === undefined) return undefined
  const sessionTags = when['session-tags'] ?? {}
  const lists = { ip: list(when.ip).map(normalizeCidr), vpce: list(when.vpce), vpc: list(when.vpc) }
  const isEmpty =
    Object.values(lists).every((items) => items.length === 0) && Object.keys(sessionTags).length === 0
  if (isEmpty && when.mfa !== true) return undefined
  return { ...(when.mfa === true ? { mfa: true } : {}), ...lists, sessionTags }
}

function list(value: OneOrMany): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Without the members that are undefined. */
function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>
}
