import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { count } from '../ui/text.ts'
import type { Edit } from './edit.ts'

/** A server that could be ticked. */
export interface ServerChoice {
  readonly arn: string
  readonly name: string
  /** `added`: planned, or of another account; it is not among what was read. */
  readonly kind: 'server' | 'app' | 'added'
  readonly status: string
  readonly size: string
  readonly role: string
  readonly tags: string
  readonly region: string
}

/** `3 servers`, `3 servers, 1 App`: how many there are of each kind. */
export function kindsWords(servers: number, apps: number): string {
  return [count(servers, 'server'), ...(apps > 0 ? [count(apps, 'App')] : [])].join(', ')
}

/** All servers and Apps of the account, servers first, then those that were added by hand. */
export function serverChoices(snapshot: Snapshot, edit?: Edit): readonly ServerChoice[] {
  const tags = (list: readonly { Key: string; Value: string }[]) =>
    list.map((tag) => `${tag.Key}=${tag.Value}`).join(' ')
  const role = (arn: string | undefined) => (arn ? arn.slice(arn.lastIndexOf('/') + 1) : '')
  return [
    ...byName(snapshot.servers).map((server) => ({
      arn: server.arn,
      name: server.name,
      kind: 'server' as const,
      status: statusWord(server.status),
      size: server.size ?? '',
      role: role(server.role),
      tags: tags(server.tags),
      region: server.region,
    })),
    ...byName(snapshot.apps).map((app) => ({
      arn: app.arn,
      name: app.name,
      kind: 'app' as const,
      status: statusWord(app.status),
      size: 'App',
      role: role(app.role),
      tags: tags(app.tags),
      region: app.region,
    })),
    ...(edit ? addedServers(edit, snapshot) : []).map(({ key, arn, via }) => ({
      arn,
      name: key,
      kind: 'added' as const,
      status: via === undefined ? 'planned' : 'elsewhere',
      size: '',
      role: role(via),
      tags: via === undefined ? 'not there yet' : `account ${arn.split(':')[4] ?? ''}`,
      region: arn.split(':')[3] ?? '',
    })),
  ]
}

/** A server that the file names and the account does not hold. */
export interface AddedServer {
  readonly key: string
  /** That it has, or will have. */
  readonly arn: string
  readonly via?: string
}

/** Servers that are planned, or of another account. */
export function addedServers(edit: Edit, snapshot: Snapshot): readonly AddedServer[] {
  const read = new Set([...snapshot.servers, ...snapshot.apps].map((each) => each.arn))
  const added = edit.servers.flatMap((server): readonly AddedServer[] => {
    const { key } = server
    if (server.kind === 'arn') return [{ key, arn: server.arn, ...(server.via ? { via: server.via } : {}) }]
    if (server.kind !== 'name' || !server.planned) return []
    const region = server.region ?? edit.region ?? snapshot.region
    const { partition, account } = snapshot
    return [{ key, arn: `arn:${partition}:sagemaker:${region}:${account}:mlflow-tracking-server/${key}` }]
  })
  return added.filter(({ arn }) => !read.has(arn))
}

/** One fixed order, whatever order AWS lists them in. */
export function byName<Item extends { readonly name: string; readonly arn: string }>(
  items: readonly Item[],
): readonly Item[] {
  return [...items].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.arn < b.arn ? -1 : 1))
}

/** SageMaker says `Created` of a server that runs and has never been stopped. */
function statusWord(status: string | undefined): string {
  const words: Readonly<Record<string, string>> = {
    Created: 'running',
    Started: 'running',
    Updated: 'running',
    Stopped: 'stopped',
  }
  return status === undefined ? '' : (words[status] ?? status.toLowerCase())
}
