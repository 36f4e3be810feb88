import type { GrantsServer } from '../grants/grants-file.ts'
import { arnName, parseArn, trackingServerArn } from '../policy/arn.ts'
import type { ConditionBlock, PolicyDocument, Statement } from '../policy/document.ts'
import { canonicalJson } from '../policy/hash.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'

/** The servers of a file that is drawn from an account. */
export interface DraftServers {
  readonly servers: readonly GrantsServer[]
  /** The key of what a statement's resource and condition name; undefined for what the file does not know. */
  keyOf(resource: string, condition: ConditionBlock | undefined): string | undefined
}

interface Named {
  readonly server: GrantsServer
  readonly identity: string
}

/**
 * Every tracking server of the account, and whatever else policies of ours name: Apps, tags, all servers, servers that
 * are gone. An App that nothing of ours names stays out: its one action allows everything, and the file would say so.
 */
export function draftServers(snapshot: Snapshot, documents: readonly PolicyDocument[]): DraftServers {
  const taken = new Set<string>()
  const keyFor = (wanted: string, region: string): string => {
    const base = safeKey(wanted)
    const tries = [
      base,
      `${base}-${region}`,
      ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => `${base}-${number}`),
    ]
    const free = tries.find((key) => !taken.has(key)) ?? `${base}-${region}-${taken.size}`
    taken.add(free)
    return free
  }
  const inRegion = (region: string) => (region === snapshot.region ? {} : { region })
  const kms: readonly string[] = []

  const servers = byName(snapshot).map(({ name, region, arn }): Named => {
    const key = keyFor(name, region)
    const server: GrantsServer =
      key === name
        ? { kind: 'name', key, kms, planned: false, ...inRegion(region) }
        : { kind: 'arn', key, arn, kms, planned: false }
    return { server, identity: arn }
  })
  const known = new Set(servers.map(({ identity }) => identity))
  const named = new Map(documents.flatMap(namedServers))
  const others = [...named]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([identity, place]): Named[] => {
      if (known.has(identity)) return []
      const { resource, tags } = place
      const region = parseArn(resource)?.region ?? snapshot.region
      if (resource.includes(':mlflow-app/')) {
        const app = snapshot.apps.find(({ arn }) => arn === resource)
        if (!app) return []
        const key = keyFor(app.name, region)
        return [
          { server: { kind: 'app', key, app: resource, access: 'full', compatible: false, kms }, identity },
        ]
      }
      if (parseArn(resource)?.account !== snapshot.account) return []
      if (resource !== trackingServerArn(snapshot, region, '*')) {
        const key = keyFor(arnName(resource), region)
        return [{ server: { kind: 'arn', key, arn: resource, kms, planned: true }, identity }]
      }
      const server: GrantsServer = tags
        ? { kind: 'tag', key: keyFor(tagWords(tags), region), tags, kms, ...inRegion(region) }
        : { kind: 'all', key: keyFor('every-server', region), kms, ...inRegion(region) }
      return [{ server, identity }]
    })
  const all = [...servers, ...others]
  const keys = new Map(all.map(({ identity, server }) => [identity, server.key]))
  return {
    servers: all.map(({ server }) => server),
    keyOf: (resource, condition) => keys.get(identityOf(resource, tagsOf(condition))),
  }
}

/** The same servers, without those that none of these documents names. */
export function onlyNamed(draft: DraftServers, documents: readonly PolicyDocument[]): DraftServers {
  const named = new Set(
    documents.flatMap((document) =>
      scopes(document).map(({ resource, tags }) => draft.keyOf(resource, conditionOf(tags))),
    ),
  )
  return { ...draft, servers: draft.servers.filter(({ key }) => named.has(key)) }
}

interface Scope {
  readonly resource: string
  readonly tags: Readonly<Record<string, string>> | undefined
}

function namedServers(document: PolicyDocument): [string, Scope][] {
  return scopes(document).map((scope) => [identityOf(scope.resource, scope.tags), scope])
}

/** What a document's statements name as servers, each with the tags that it asks of them. */
function scopes(document: PolicyDocument): readonly Scope[] {
  return [document.Statement].flat().flatMap((statement) =>
    namesServers(statement)
      ? [statement.Resource ?? []]
          .flat()
          .filter((resource) => /^mlflow-(tracking-server|app)\//u.test(parseArn(resource)?.resource ?? ''))
          .map((resource) => ({ resource, tags: tagsOf(statement.Condition) }))
      : [],
  )
}

/** A server that is still to be made is named by what the request says, not by its tags. */
export function namesServers({ Sid = '' }: Statement): boolean {
  return !/^(CreateServers|TagNewServers)/u.test(Sid)
}

function tagsOf(condition: ConditionBlock | undefined): Scope['tags'] {
  const tags = Object.entries(condition?.StringEquals ?? {}).flatMap(([key, value]): [string, string][] =>
    key.startsWith('aws:ResourceTag/')
      ? [[key.slice('aws:ResourceTag/'.length), [value].flat()[0] ?? '']]
      : [],
  )
  return tags.length === 0 ? undefined : Object.fromEntries(tags)
}

function conditionOf(tags: Scope['tags']): ConditionBlock | undefined {
  if (!tags) return undefined
  const pairs = Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value])
  return { StringEquals: Object.fromEntries(pairs) }
}

function identityOf(resource: string, tags: Scope['tags']): string {
  return tags ? `${resource} ${canonicalJson(tags)}` : resource
}

function tagWords(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}-${value}`)
    .join('-')
}

function safeKey(text: string): string {
  return text.replace(/[^A-Za-z0-9-]+/gu, '-').replace(/^-+|-+$/gu, '') || 'server'
}

/** One fixed order, whatever order AWS lists them in; of one name, the server of the home Region comes first. */
function byName({ servers, region: home }: Snapshot): Snapshot['servers'] {
  const rank = ({ name, region, arn }: Snapshot['servers'][number]) =>
    [name, region === home ? '' : region, arn].join('\u0000')
  return [...servers].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
}
