import type { GrantsFile, GrantsServer } from '../grants/grants-file.ts'
import { parseArn } from '../policy/arn.ts'
import type { Statement } from '../policy/document.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { InputIssues } from '../target/input-issues.ts'
import { resolveServers } from '../target/resolve-servers.ts'
import { type DraftServers, scopesOf } from './draft-servers.ts'
import type { OwnedDocument } from './owned-documents.ts'

/** What one policy gives in S3 and KMS, and on which servers. */
interface Shown {
  readonly on: readonly string[]
  /** `s3://bucket/prefix` */
  readonly places: ReadonlySet<string>
  /** KMS key ARNs; undefined where the policy opens no objects, and so says nothing about keys. */
  readonly keys: ReadonlySet<string> | undefined
  /** Several grants may stand in it as one: which of them a key is for cannot be seen. */
  readonly folded: boolean
}

/**
 * The servers with what a file says of them and SageMaker does not: `kms`, and `artifacts` where they lie elsewhere
 * than SageMaker says or where it was not asked. What every policy on a server gives is the server's. Where keys stand
 * in folded statements alone, they may be of one of several servers: then there are several answers, likeliest first.
 */
export function withServerFacts(
  base: GrantsFile,
  snapshot: Snapshot,
  draft: DraftServers,
  documents: readonly OwnedDocument[],
): readonly DraftServers[] {
  const shown = documents.flatMap((document) => show(document, draft))
  const file = { ...base, servers: draft.servers }
  const resolved = resolveServers(file, snapshot, new InputIssues(file)).servers
  const accountOf = (key: string): string => {
    const server = draft.servers.find((one) => one.key === key)
    return (server?.kind === 'arn' && parseArn(server.arn)?.account) || snapshot.account
  }
  const keys = keysOf(draft.servers, shown, (server, key) => parseArn(key)?.account === accountOf(server))
  const places = placesOf(
    draft.servers,
    shown,
    (key) => new Set(resolved.get(key)?.artifacts.map(({ bucket, prefix }) => placeOf(bucket, prefix))),
  )
  return [new Map<string, readonly string[]>(), ...ownersOf(keys, shown)].map((owners) => ({
    ...draft,
    servers: draft.servers.map((server) => {
      const artifacts = places.get(server.key)
      const kms = (keys.get(server.key) ?? []).filter((key) => owners.get(key)?.includes(server.key) ?? true)
      return { ...server, kms, ...(artifacts ? { artifacts } : {}) }
    }),
  }))
}

/** How many ways of giving keys to one server each are tried. */
const mostWays = 12

/**
 * For keys that folded statements alone give to some servers: each way of leaving one of these, or none, the key. The
 * servers that have each such key, by key.
 */
function ownersOf(
  keys: ReadonlyMap<string, readonly string[]>,
  shown: readonly Shown[],
): readonly ReadonlyMap<string, readonly string[]>[] {
  const every = [...new Set([...keys.values()].flat())].sort()
  let ways: readonly ReadonlyMap<string, readonly string[]>[] = [new Map()]
  for (const key of every) {
    const servers = [...keys].flatMap(([server, own]) => (own.includes(key) ? [server] : []))
    const sure = servers.filter((server) =>
      shown.some(({ folded, on, keys: held }) => !folded && held?.has(key) && on.includes(server)),
    )
    const open = servers.filter((server) => !sure.includes(server))
    if (open.length === 0 || servers.length === 1) continue
    const choices = [...(sure.length > 0 ? [sure] : []), ...open.map((server) => [...sure, server])]
    ways = ways.flatMap((way) => choices.map((own) => new Map([...way, [key, own]]))).slice(0, mostWays)
  }
  return ways.filter(({ size }) => size > 0)
}

/**
 * The keys that each policy on a server opens. Servers that are only ever granted together cannot be told apart: then a
 * key goes to servers of its own account, as far as this explains all policies.
 */
function keysOf(
  servers: readonly GrantsServer[],
  shown: readonly Shown[],
  isNear: (server: string, key: string) => boolean,
): ReadonlyMap<string, readonly string[]> {
  const common = new Map(
    servers.map(({ key }) => [
      key,
      intersect(shown.flatMap(({ on, keys }) => (keys && on.includes(key) ? [keys] : []))),
    ]),
  )
  const near = new Map(
    [...common].map(([server, keys]) => [server, keys.filter((key) => isNear(server, key))]),
  )
  const explains = shown.every(
    ({ on, keys }) => !keys || new Set(on.flatMap((server) => near.get(server) ?? [])).size === keys.size,
  )
  return explains ? near : common
}

/** Where artifacts lie, for the servers of which the file has to say it. */
function placesOf(
  servers: readonly GrantsServer[],
  shown: readonly Shown[],
  known: (key: string) => ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const common = (key: string) =>
    intersect(shown.flatMap(({ on, places }) => (places.size > 0 && on.includes(key) ? [places] : [])))
  const open = servers.flatMap(({ key }) => {
    const choices = common(key)
    const isKnown = known(key).size > 0 && [...known(key)].every((place) => choices.includes(place))
    // One `artifacts` stands for all servers of a tag.
    const several = known(key).size > 1 && choices.length > 1
    return isKnown || several || choices.length === 0 ? [] : [{ key, choices }]
  })
  const said = new Set(open.map(({ key }) => key))
  const chosen = new Map<string, string>()
  const missing = (on: readonly string[], places: ReadonlySet<string>): readonly string[] => {
    const explained = new Set(
      on.flatMap((key) => (said.has(key) ? (chosen.get(key) ?? []) : [...known(key)])),
    )
    return [...places].filter((place) => !explained.has(place))
  }
  for (const { key, choices } of [...open].sort((a, b) => a.choices.length - b.choices.length)) {
    const wanted = new Set(shown.flatMap(({ on, places }) => (on.includes(key) ? missing(on, places) : [])))
    const free = choices.filter((place) => wanted.has(place))
    // A bucket is often named after its server.
    const place =
      free.find((one) => one.includes(key)) ?? free[0] ?? (known(key).size > 0 ? choices[0] : undefined)
    if (place !== undefined) chosen.set(key, place)
  }
  return chosen
}

function show(document: OwnedDocument, draft: DraftServers): readonly Shown[] {
  const statements = [document.Statement].flat()
  const on = statements.flatMap(scopesOf).flatMap((scope) => draft.keyOf(scope) ?? [])
  if (on.length === 0) return []
  const resources = (action: RegExp) =>
    statements.flatMap((one) =>
      [one.Action ?? []].flat().some((name) => action.test(name)) ? [one.Resource ?? []].flat() : [],
    )
  const objects = resources(/^s3:(Get|Put)Object$/u)
  const places = objects.length > 0 ? objects.flatMap(placeOfObjects) : statements.flatMap(placesOfList)
  const keys = resources(/^kms:/u)
  return [
    {
      on: [...new Set(on)],
      places: new Set(places),
      keys: objects.length + keys.length > 0 ? new Set(keys) : undefined,
      folded: document.folded ?? false,
    },
  ]
}

/** What is allowed below a prefix, or on the traces below it alone. */
function placeOfObjects(arn: string): readonly string[] {
  const [, bucket, rest = ''] = /^arn:[^:]+:s3:::([^/]+)\/(.*)$/u.exec(arn) ?? []
  if (bucket === undefined) return []
  return [placeOf(bucket, rest.replace(/(^|\/)(\*\/traces\/)?\*$/u, ''))]
}

function placesOfList({ Action, Resource, Condition }: Statement): readonly string[] {
  if (![Action ?? []].flat().includes('s3:ListBucket')) return []
  const buckets = [Resource ?? []].flat().map((arn) => parseArn(arn)?.resource ?? '')
  // Without a condition it is the whole bucket.
  const prefixes = [Condition?.StringLike?.['s3:prefix'] ?? ''].flat().filter((one) => !one.endsWith('/*'))
  return buckets.flatMap((bucket) => prefixes.map((prefix) => placeOf(bucket, prefix)))
}

function placeOf(bucket: string, prefix: string): string {
  return prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`
}

/** What is in all of them, sorted; nothing of none. */
function intersect(sets: readonly ReadonlySet<string>[]): readonly string[] {
  const [first, ...others] = sets
  return [...(first ?? [])].filter((item) => others.every((set) => set.has(item))).sort()
}
