import type { GrantsFile } from '../grants/grants-file.ts'
import { type Home, iamArn, trackingServerArn } from '../policy/arn.ts'
import { Problem } from '../problem.ts'
import { sageMakerTrust } from '../target/guide-policies.ts'
import { isElsewhere } from '../target/resolve-servers.ts'
import type { IamGroup, IamRole, IamUser, MlflowApp, Snapshot, TrackingServer } from './snapshot.ts'

/**
 * The account that `--offline` assumes: it holds the principals, servers and existing roles that the file names,
 * and nothing else. Throws when the file leaves out what only an account could tell.
 */
export function assumeAccount(file: GrantsFile, now: Date): Snapshot {
  if (file.account === undefined || file.region === undefined) {
    const missing = [
      ...(file.account === undefined ? ['account'] : []),
      ...(file.region === undefined ? ['region'] : []),
    ]
    throw new Problem(
      'OFFLINE_NEEDS_ACCOUNT',
      `Offline, the grants file must say ${missing.join(' and ')}.`,
      {
        why: 'ARNs hold the account and region, and offline nobody can be asked.',
        fix: [
          `Add ${missing.map((key) => (key === 'account' ? 'account: "123456789012"' : 'region: eu-west-1')).join(' and ')} to the file.`,
        ],
        exit: 3,
      },
    )
  }
  const home: Home = { partition: file.partition, account: file.account }
  const region = file.region
  const users = new Map<string, IamUser>()
  const groups = new Map<string, IamGroup>()
  const roles = new Map<string, IamRole>()
  const bare = { id: '', inline: [], attached: [] }
  const trust = JSON.stringify(sageMakerTrust())
  for (const ref of file.grants.flatMap((grant) => grant.to)) {
    if (ref.kind !== 'user' && ref.kind !== 'group' && ref.kind !== 'role') continue
    const path = ref.path ?? '/'
    const base = { ...bare, name: ref.name, path, arn: ref.arn ?? iamArn(home, ref.kind, path, ref.name) }
    if (ref.kind === 'user') users.set(ref.name, { ...base, groups: [], tags: [] })
    else if (ref.kind === 'group') groups.set(ref.name, base)
    else if (!isCreated(file, ref.name)) roles.set(ref.name, { ...base, tags: [], trust })
  }
  for (const role of [file.roles['tracking-server'], file.roles.sagemaker]) {
    if (role?.existing)
      roles.set(role.name, {
        ...bare,
        name: role.name,
        path: '/',
        arn: iamArn(home, 'role', '/', role.name),
        tags: [],
        trust,
      })
  }
  const servers: TrackingServer[] = []
  const apps: MlflowApp[] = []
  for (const server of file.servers) {
    if (server.kind === 'name') {
      const place = server.region ?? region
      servers.push({
        arn: trackingServerArn(home, place, server.key),
        name: server.key,
        region: place,
        tags: [],
      })
    } else if (server.kind === 'arn') {
      if (isElsewhere(server, home.account)) continue
      servers.push({
        arn: server.arn,
        name: server.arn.slice(server.arn.lastIndexOf('/') + 1),
        region: server.arn.split(':')[3] ?? region,
        tags: [],
      })
    } else if (server.kind === 'app') {
      apps.push({ arn: server.app, name: server.key, region: server.app.split(':')[3] ?? region, tags: [] })
    }
  }
  return {
    version: 1,
    takenAt: now.toISOString(),
    account: home.account,
    partition: home.partition,
    region,
    assumed: true,
    users: [...users.values()],
    groups: [...groups.values()],
    roles: [...roles.values()],
    policies: [],
    servers,
    apps,
    domains: [],
    profiles: [],
    permissionSets: [],
    unknown: [],
  }
}

function isCreated(file: GrantsFile, name: string): boolean {
  return [file.roles['tracking-server'], file.roles.sagemaker].some(
    (role) => role && !role.existing && role.name === name,
  )
}
