import { closestName } from '../catalog/suggest-name.ts'
import type { GrantsFile, GrantsServer } from '../grants/grants-file.ts'
import { finding } from '../plan/findings.ts'
import type { Finding } from '../plan/plan.ts'
import { parseArn, trackingServerArn } from '../policy/arn.ts'
import type { MlflowApp, Snapshot, Tag, TrackingServer } from '../snapshot/snapshot.ts'
import type { InputIssues } from './input-issues.ts'
import type { ArtifactPlace, TargetServer } from './target.ts'

/** Turns the file's servers into what policies say about them, and the servers that this means today. */
export function resolveServers(
  file: GrantsFile,
  snapshot: Snapshot,
  issues: InputIssues,
): { servers: ReadonlyMap<string, TargetServer>; findings: readonly Finding[] } {
  const findings: Finding[] = []
  const servers = new Map<string, TargetServer>()
  for (const entry of file.servers) {
    const server = resolveServer(entry, file, snapshot, issues, findings)
    if (server) servers.set(entry.key, server)
  }
  return { servers, findings }
}

function resolveServer(
  entry: GrantsServer,
  file: GrantsFile,
  snapshot: Snapshot,
  issues: InputIssues,
  findings: Finding[],
): TargetServer | undefined {
  const path = `servers.${entry.key}`
  if (entry.kind === 'app') return resolveApp(entry, snapshot, path, issues)

  const region =
    entry.kind === 'arn'
      ? (parseArn(entry.arn)?.region ?? snapshot.region)
      : (entry.region ?? file.region ?? snapshot.region)
  const base = { key: entry.key, kind: 'tracking-server' as const, region, kms: entry.kms }
  if (entry.kind === 'name' || entry.kind === 'arn') {
    const arn = entry.kind === 'arn' ? entry.arn : trackingServerArn(snapshot, region, entry.key)
    const known = snapshot.servers.find((server) => server.arn === arn)
    if (entry.kind === 'arn' && isElsewhere(entry, snapshot.account)) {
      const message = `Whether ${arn} exists was not looked at: it is of account ${parseArn(arn)?.account}, which decides.`
      findings.push(finding('server-not-checked', message, { server: arn }))
      const artifacts = artifactsOf(entry, [], findings)
      return { ...base, resource: arn, arns: [], artifacts, roles: [], planned: false, via: entry.via }
    }
    const listable = !snapshot.assumed && !snapshot.unknown.some((part) => part.part === 'servers')
    if (!known && !entry.planned && listable) {
      const names = snapshot.servers.map((server) => server.name)
      const near = closestName(entry.key, names)
      issues.add(
        path,
        `There is no tracking server ${arn}.`,
        `SageMaker lists ${names.length === 0 ? 'no tracking servers' : names.join(', ')} in account ${snapshot.account}.`,
        near
          ? `Did you mean ${near}? Else say { planned: true }.`
          : 'Correct the name or region, or say { planned: true }.',
      )
      return undefined
    }
    if (!known && !entry.planned && !snapshot.assumed) {
      findings.push(
        finding(
          'server-not-checked',
          `Whether ${arn} exists could not be checked: its list cannot be read here.`,
          { server: arn },
        ),
      )
    }
    return {
      ...base,
      resource: arn,
      arns: [arn],
      artifacts: artifactsOf(entry, known ? [known] : [], findings),
      roles: known?.role ? [known.role] : [],
      planned: entry.planned,
    }
  }

  const members = snapshot.servers.filter(
    (server) => server.region === region && (entry.kind === 'all' || hasTags(server.tags, entry.tags)),
  )
  const pattern = trackingServerArn(snapshot, region, '*')
  if (isGranted(entry, file)) findings.push(reachOf(entry, region, members))
  return {
    ...base,
    resource: pattern,
    ...(entry.kind === 'tag' ? { condition: tagCondition(entry.tags) } : {}),
    arns: members.map((server) => server.arn).sort(),
    artifacts: artifactsOf(entry, members, findings),
    roles: [...new Set(members.flatMap((server) => server.role ?? []))].sort(),
    planned: false,
  }
}

/** Whether any grant, or the client role of the file, gets something there: an entry alone opens nothing. */
function isGranted({ key }: GrantsServer, { grants, roles }: GrantsFile): boolean {
  return roles.sagemaker !== undefined || grants.some(({ on }) => on.includes(key))
}

function reachOf(entry: GrantsServer, region: string, members: readonly TrackingServer[]): Finding {
  return entry.kind === 'tag'
    ? finding(
        'tag-is-permission',
        `${entry.key} names servers by tag: whoever may tag a tracking server in ${region} can add it to these grants. Today it means ${listOf(members)}.`,
      )
    : finding(
        'all-servers',
        `${entry.key} means every tracking server in ${region}, future ones too. Today: ${listOf(members)}.`,
      )
}

/** A server that is reached through a role of its own account, which is not this one. */
export function isElsewhere<T extends { readonly via?: string }>(
  server: T,
  account: string | undefined,
): server is T & { readonly via: string } {
  return server.via !== undefined && parseArn(server.via)?.account !== account
}

function resolveApp(
  entry: GrantsServer & { kind: 'app' },
  snapshot: Snapshot,
  path: string,
  issues: InputIssues,
): TargetServer | undefined {
  const app: MlflowApp | undefined = snapshot.apps.find((candidate) => candidate.arn === entry.app)
  const listable = !snapshot.assumed && !snapshot.unknown.some((part) => part.part === 'apps')
  if (!app && listable) {
    issues.add(
      path,
      `There is no MLflow App ${entry.app}.`,
      `SageMaker lists ${snapshot.apps.map((candidate) => candidate.arn).join(', ') || 'no MLflow Apps'} in account ${snapshot.account}.`,
      'Correct the ARN: an App is named by its id, not by its name.',
    )
    return undefined
  }
  const place = app?.artifacts ? artifactPlace(app.artifacts) : undefined
  const own = entry.artifacts ? artifactPlace(entry.artifacts) : undefined
  return {
    key: entry.key,
    kind: 'app',
    resource: entry.app,
    arns: [entry.app],
    region: parseArn(entry.app)?.region ?? snapshot.region,
    artifacts: own ? [own] : place ? [place] : [],
    kms: entry.kms,
    roles: app?.role ? [app.role] : [],
    planned: false,
    ...(entry.compatible ? { compatible: true as const } : {}),
  }
}

/** The file's `artifacts` wins over what the account says; a difference is a finding. */
function artifactsOf(
  entry: GrantsServer,
  servers: readonly TrackingServer[],
  findings: Finding[],
): readonly ArtifactPlace[] {
  const known = servers.flatMap((server) => (server.artifacts ? [server.artifacts] : []))
  if (!entry.artifacts) return uniquePlaces(known)
  for (const server of servers) {
    if (server.artifacts && trimSlash(server.artifacts) !== trimSlash(entry.artifacts)) {
      findings.push(
        finding(
          'artifacts-differ',
          `The file says that ${entry.key} keeps artifacts in ${entry.artifacts}; SageMaker says ${server.artifacts}. The file's is used.`,
          { server: server.arn },
        ),
      )
    }
  }
  return uniquePlaces([entry.artifacts])
}

function uniquePlaces(uris: readonly string[]): readonly ArtifactPlace[] {
  return [...new Set(uris.map(trimSlash))].sort().flatMap((uri) => artifactPlace(uri) ?? [])
}

/** Reads `s3://bucket/prefix`; undefined for anything that must not stand in a policy. */
export function artifactPlace(uri: string): ArtifactPlace | undefined {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/u.exec(trimSlash(uri))
  const [, bucket, prefix = ''] = match ?? []
  return bucket === undefined || /[*?]|\$\{/u.test(prefix) ? undefined : { bucket, prefix }
}

function trimSlash(uri: string): string {
  return uri.replace(/\/+$/u, '')
}

function hasTags(tags: readonly Tag[], wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) =>
    tags.some((tag) => tag.Key === key && tag.Value === value),
  )
}

function tagCondition(tags: Readonly<Record<string, string>>): NonNullable<TargetServer['condition']> {
  const keys = Object.keys(tags).sort()
  return { StringEquals: Object.fromEntries(keys.map((key) => [`aws:ResourceTag/${key}`, tags[key] ?? ''])) }
}

function listOf(servers: readonly TrackingServer[]): string {
  return servers.length === 0
    ? 'none'
    : servers
        .map((server) => server.name)
        .sort()
        .join(', ')
}
