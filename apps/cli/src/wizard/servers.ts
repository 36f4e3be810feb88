import type { GrantsServer } from '@mlflow-iam/core/grants/grants-file'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { serverArns } from './cells.ts'
import type { Cell, Edit } from './edit.ts'
import { addedServers, byName } from './server-choices.ts'

export type ServerRule = 'arn' | 'tag' | 'all'

/** ARNs of the servers that the edit covers, whatever it calls them. */
export function tickedServers(edit: Edit, snapshot: Snapshot): readonly string[] {
  const added = addedServers(edit, snapshot).map(({ arn }) => arn)
  return [
    ...new Set([...edit.servers.flatMap((server) => serverArns(server, snapshot, edit.region)), ...added]),
  ]
}

export function ruleOf(edit: Edit): ServerRule {
  if (edit.servers.some((server) => server.kind === 'all')) return 'all'
  return edit.servers.some((server) => server.kind === 'tag') ? 'tag' : 'arn'
}

/** The tag that could name the ticked servers: `env` where they all have it, else the first that they all have. */
export function commonTag(
  snapshot: Snapshot,
  arns: readonly string[],
): { key: string; values: readonly string[] } | undefined {
  const servers = snapshot.servers.filter((server) => arns.includes(server.arn))
  if (servers.length === 0) return undefined
  const keys = [...new Set(servers.flatMap((server) => server.tags.map((tag) => tag.Key)))].sort()
  const key = [...(keys.includes('env') ? ['env'] : []), ...keys].find((each) =>
    servers.every((server) => server.tags.some((tag) => tag.Key === each)),
  )
  if (!key) return undefined
  const loaded = (server: Snapshot['servers'][number]) =>
    server.tags.find((tag) => tag.Key === key)?.Value ?? ''
  return { key, values: [...new Set(servers.map(loaded))].sort() }
}

/** Names the ticked servers by the rule, and carries every cell over to the new names. */
export function nameServers(edit: Edit, snapshot: Snapshot, arns: readonly string[], rule: ServerRule): Edit {
  const servers = serversFor(edit, snapshot, arns, rule)
  const covers = new Map(servers.map((server) => [server.key, serverArns(server, snapshot, edit.region)]))
  const before = edit.servers.map((server) => ({
    key: server.key,
    arns: serverArns(server, snapshot, edit.region),
  }))
  const cells: Record<string, Record<string, readonly Cell[]>> = {}
  for (const [principal, row] of Object.entries(edit.cells)) {
    const moved: Record<string, readonly Cell[]> = { ...row }
    for (const server of servers) {
      if (moved[server.key]) continue
      const source = before.find(
        (old) => row[old.key] && old.arns.some((arn) => covers.get(server.key)?.includes(arn)),
      )
      const found = source && row[source.key]
      if (found) moved[server.key] = found
    }
    cells[principal] = moved
  }
  return { ...edit, servers, cells }
}

function serversFor(
  edit: Edit,
  snapshot: Snapshot,
  arns: readonly string[],
  rule: ServerRule,
): readonly GrantsServer[] {
  const region = edit.region ?? snapshot.region
  const apps = edit.servers.filter((server) => server.kind === 'app' && arns.includes(server.app))
  const keptApps = new Set(apps.flatMap((app) => (app.kind === 'app' ? [app.app] : [])))
  const newApps = snapshot.apps
    .filter((app) => arns.includes(app.arn) && !keptApps.has(app.arn))
    .map(
      (app): GrantsServer => ({
        key: safeKey(app.name),
        kind: 'app',
        app: app.arn,
        access: 'full',
        compatible: false,
        kms: [],
      }),
    )
  const ticked = byName(snapshot.servers).filter((server) => arns.includes(server.arn))
  const named = (): readonly GrantsServer[] =>
    ticked.map((server) => {
      const kept = edit.servers.find(
        (old) =>
          old.kind !== 'tag' && old.kind !== 'all' && serverArns(old, snapshot, region)[0] === server.arn,
      )
      if (kept) return kept
      const twin = ticked.some((other) => other.name === server.name && other.arn !== server.arn)
      if (twin && server.region !== region) {
        return {
          key: `${server.name}-${server.region}`,
          kind: 'arn',
          arn: server.arn,
          planned: false,
          kms: [],
        }
      }
      const elsewhere = server.region === region ? {} : { region: server.region }
      return { key: server.name, kind: 'name', planned: false, kms: [], ...elsewhere }
    })
  const wanted = addedServers(edit, snapshot).filter(({ arn }) => arns.includes(arn))
  const added = edit.servers.filter((server) => wanted.some((each) => each.key === server.key))
  const elsewhere = added.filter((server) => server.kind === 'arn' && server.via !== undefined)
  if (rule === 'all')
    return [{ key: 'every-server', kind: 'all', kms: [] }, ...elsewhere, ...apps, ...newApps]
  const tag = rule === 'tag' ? commonTag(snapshot, arns) : undefined
  if (tag) {
    const groups = tag.values.map(
      (value): GrantsServer => ({
        key: safeKey(`${tag.key}-${value}`),
        kind: 'tag',
        tags: { [tag.key]: value },
        kms: [],
      }),
    )
    return [...groups, ...elsewhere, ...apps, ...newApps]
  }
  return [
    ...named(),
    ...added.filter((each) => !ticked.some((server) => server.name === each.key)),
    ...apps,
    ...newApps,
  ]
}

export function safeKey(text: string): string {
  return text.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-+|-+$/g, '') || 'server'
}
