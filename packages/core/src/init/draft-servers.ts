import type { GrantsServer } from '../grants/grants-file.ts'
import { arnName, parseArn, trackingServerArn } from '../policy/arn.ts'
import type { ConditionBlock, PolicyDocument, Statement } from '../policy/document.ts'
import { canonicalJson } from '../policy/hash.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { serverOfSid } from '../target/server-sid.ts'

/** The servers of a file that is drawn from an account. */
export interface DraftServers {
  readonly servers: readonly GrantsServer[]
  /** The key of what a statement names; undefined for what the file does not know. */
  keyOf(scope: ServerScope): string | undefined
}

/** A server, or servers of a tag, as a statement names them. */
export interface ServerScope {
  /** ARN, or a pattern of ARNs. */
  readonly resource: string
  readonly tags?: Readonly<Record<string, string>>
  /** ARN of the role of another account, through which the server is reached. */
  readonly via?: string
  /** An App on which tracking servers' actions are given. */
  readonly compatible?: true
}

interface Named {
  readonly server: GrantsServer
  readonly identity: string
}

/**
 * Every tracking server of the account, and whatever else policies of ours name: Apps, tags, all servers, servers that
 * are gone or of other accounts. An App that nothing of ours names stays out: its one action allows everything, and the file would say so.
 */
export function draftServers(snapshot: Snapshot, documents: readonly PolicyDocument[]): DraftServers {
  const taken = new Set<string>()
  const keyFor = (wanted: string, region: string): string => {
    const free = freeKey(wanted, region, taken)
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
  const all = documents.flatMap((document) => [document.Statement].flat()).flatMap(scopesOf)
  const named = new Map(all.map((scope) => [identityOf(scope.resource, scope.tags), scope]))
  const compatibles = new Set(all.flatMap(({ resource, compatible }) => (compatible ? [resource] : [])))
  const others = [...named]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([identity, place]): Named[] => {
      if (known.has(identity)) return []
      const { resource, tags, via } = place
      const region = parseArn(resource)?.region ?? snapshot.region
      if (via !== undefined) {
        const key = keyFor(arnName(resource), region)
        return [{ server: { kind: 'arn', key, arn: resource, via, kms, planned: false }, identity }]
      }
      if (resource.includes(':mlflow-app/')) {
        const app = snapshot.apps.find(({ arn }) => arn === resource)
        if (!app) return []
        const key = keyFor(app.name, region)
        const compatible = compatibles.has(resource)
        return [{ server: { kind: 'app', key, app: resource, access: 'full', compatible, kms }, identity }]
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
  const found = [...servers, ...others]
  const keys = new Map(found.map(({ identity, server }) => [identity, server.key]))
  return {
    servers: found.map(({ server }) => server),
    keyOf: ({ resource, tags }) => keys.get(identityOf(resource, tags)),
  }
}

/** A key like a server's name that no other server has. */
export function freeKey(wanted: string, region: string, taken: ReadonlySet<string>): string {
  const base = safeKey(wanted)
  const tries = [base, `${base}-${region}`, ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => `${base}-${number}`)]
  return tries.find((key) => !taken.has(key)) ?? `${base}-${region}-${taken.size}`
}

/** The same servers, without those that none of these documents names. */
export function onlyNamed(draft: DraftServers, documents: readonly PolicyDocument[]): DraftServers {
  const statements = documents.flatMap((document) => [document.Statement].flat())
  const named = new Set(statements.flatMap(scopesOf).map((scope) => draft.keyOf(scope)))
  return { ...draft, servers: draft.servers.filter(({ key }) => named.has(key)) }
}

/** What a statement names as servers, each with the tags that it asks of them. */
export function scopesOf({ Sid = '', Action, Resource, Condition }: Statement): readonly ServerScope[] {
  const resources = [Resource ?? []].flat()
  const [role = ''] = resources
  const elsewhere = serverOfSid(Sid, role)
  if (elsewhere !== undefined) return [{ resource: elsewhere, via: role }]
  // A server that is still to be made is named by what the request says, not by its tags.
  if (/^(MlflowIam[0-9a-f]{8})?(CreateServers|TagNewServers)/u.test(Sid)) return []
  const tags = tagsOf(Condition)
  // Only the compatible form gives actions of tracking servers on an App, under whatever Sid it was folded.
  const onServers = [Action ?? []].flat().some((action) => action.startsWith('sagemaker-mlflow:'))
  return resources
    .filter((resource) => /^mlflow-(tracking-server|app)\//u.test(parseArn(resource)?.resource ?? ''))
    .map((resource) => ({
      resource,
      ...(tags ? { tags } : {}),
      ...(onServers && resource.includes(':mlflow-app/') ? { compatible: true as const } : {}),
    }))
}

function tagsOf(condition: ConditionBlock | undefined): ServerScope['tags'] {
  const tags = Object.entries(condition?.StringEquals ?? {}).flatMap(([key, value]): [string, string][] =>
    key.startsWith('aws:ResourceTag/')
      ? [[key.slice('aws:ResourceTag/'.length), [value].flat()[0] ?? '']]
      : [],
  )
  return tags.length === 0 ? undefined : Object.fromEntries(tags)
}

function identityOf(resource: string, tags: ServerScope['tags']): string {
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
