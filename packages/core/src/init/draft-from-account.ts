import { evaluateAccess } from '../evaluate/evaluate-access.ts'
import type { Grant, GrantsFile, GrantsServer, PrincipalRef } from '../grants/grants-file.ts'
import { builtInPersonas } from '../personas/built-in.ts'
import { nearestPersona } from '../personas/nearest-persona.ts'
import { defaultDocument, readDocument, saysTheSame } from '../plan/read-document.ts'
import { arnName, iamArn, parseArn, trackingServerArn } from '../policy/arn.ts'
import { Problem } from '../problem.ts'
import type { ManagedPolicy, Snapshot } from '../snapshot/snapshot.ts'
import { compileTarget } from '../target/compile-target.ts'
import { ownedPrefix } from '../target/owned.ts'
import { type PolicyGrant, readOwnedPolicy } from './read-owned-policy.ts'
import { readServiceRoles } from './read-service-roles.ts'

export interface AccountDraft {
  /** A file whose plan changes nothing in this account. */
  readonly file: GrantsFile
  /** What the account holds and the file does not say, a sentence each: access from elsewhere, policies not understood. */
  readonly notes: readonly string[]
}

/**
 * Writes down what an account has as a grants file: its servers, and the grants behind policies of ours. Access from
 * elsewhere is noted, not granted: taking it over would change the account. Planning with the file changes nothing.
 */
export function draftFromAccount(snapshot: Snapshot, now: Date, wanted?: string): AccountDraft {
  const name = wanted ?? ownedName(snapshot)
  const servers = serversOf(snapshot)
  const base: GrantsFile = {
    version: 1,
    name,
    account: snapshot.account,
    partition: snapshot.partition,
    region: snapshot.region,
    servers,
    roles: {},
    personas: [],
    grants: [],
    split: [],
    adopt: [],
    permissionSets: [],
    accounts: [],
    locate: () => ({ file: 'grants.yaml', line: 1, column: 1 }),
  }
  const { roles, policies } = readServiceRoles(base, snapshot, now)
  const withRoles = { ...base, roles }
  const { grants, notes } = ownedGrants(withRoles, snapshot, policies, now)
  return { file: { ...withRoles, grants }, notes: [...notes, ...elsewhereNotes(snapshot, name, now)] }
}

/** The name under which policies of ours stand in the account; `mlflow` where there are none. */
function ownedName(snapshot: Snapshot): string {
  const names = new Set(
    snapshot.policies.flatMap(
      (policy) => /^\/mlflow-iam\/([a-z0-9-]{1,32})\/$/u.exec(policy.path)?.[1] ?? [],
    ),
  )
  if (names.size <= 1) return [...names][0] ?? 'mlflow'
  throw new Problem(
    'WHICH_NAME',
    `The account has policies of ${names.size} grants files: ${[...names].sort().join(', ')}.`,
    {
      why: 'A grants file describes the access of one name, and leaves the others alone.',
      fix: [`mlflow-iam init --name ${[...names].sort()[0]}`],
      exit: 4,
    },
  )
}

function serversOf(snapshot: Snapshot): readonly GrantsServer[] {
  const taken = new Set<string>()
  const key = (name: string, region: string): string => {
    const free = taken.has(name) ? `${name}-${region}` : name
    taken.add(free)
    return free
  }
  return [
    ...snapshot.servers.map((server): GrantsServer => {
      const own = key(server.name, server.region)
      const inRegion = server.region === snapshot.region ? {} : { region: server.region }
      return own === server.name
        ? { kind: 'name', key: own, kms: [], planned: false, ...inRegion }
        : { kind: 'arn', key: own, arn: server.arn, kms: [], planned: false }
    }),
    ...snapshot.apps.map(
      (app): GrantsServer => ({
        kind: 'app',
        key: key(arnName(app.arn), app.region),
        app: app.arn,
        access: 'full',
        compatible: false,
        kms: [],
      }),
    ),
  ]
}

/** The grants whose compiled policies are exactly the ones that are there, for principals that are wholly understood. */
function ownedGrants(
  base: GrantsFile,
  snapshot: Snapshot,
  rolePolicies: readonly string[],
  now: Date,
): { grants: readonly Grant[]; notes: readonly string[] } {
  const prefix = ownedPrefix(snapshot, base.name)
  const keys = new Map(
    base.servers.flatMap((server): [string, string][] => {
      const arn =
        server.kind === 'app'
          ? server.app
          : server.kind === 'arn'
            ? server.arn
            : server.kind === 'name'
              ? trackingServerArn(snapshot, server.region ?? snapshot.region, server.key)
              : undefined
      return arn ? [[arn, server.key]] : []
    }),
  )
  const holders = ownHolders(snapshot, prefix)
  const understood = new Map<string, PolicyGrant>()
  const notes: string[] = []
  const ofRoles = new Set(rolePolicies)
  for (const policy of snapshot.policies.filter(
    (item) => item.arn.startsWith(prefix) && !ofRoles.has(item.arn),
  )) {
    const holder = holders.find((item) => item.owned.includes(policy.arn))
    if (!holder) continue
    const found = understand(policy, base, snapshot, keys, holder.ref, now)
    if (found) understood.set(policy.arn, found)
    else
      notes.push(
        `${policy.name} is ours, but says something that no single grant says; whoever has it is left out.`,
      )
  }
  const whole = holders.filter(({ owned }) => owned.every((arn) => understood.has(arn) || ofRoles.has(arn)))
  const grants = [...understood].flatMap(([arn, policyGrant]) => {
    const to = whole.filter(({ owned }) => owned.includes(arn)).map(({ ref }) => ref)
    return to.length > 0 ? [{ to, ...policyGrant }] : []
  })
  return { grants: grants.map((grant, index) => ({ index, ...grant })), notes }
}

/** Tries a policy's reading by compiling it: only what gives the same policy again counts. */
function understand(
  policy: ManagedPolicy,
  base: GrantsFile,
  snapshot: Snapshot,
  keys: ReadonlyMap<string, string>,
  to: PrincipalRef,
  now: Date,
): PolicyGrant | undefined {
  const document = readDocument(defaultDocument(policy))
  const read = document ? readOwnedPolicy(document, keys, builtInPersonas) : undefined
  if (!read) return undefined
  return [read, { ...read, policyName: policy.name }].find((candidate) => {
    const file = { ...base, roles: {}, grants: [{ index: 0, to: [to], ...candidate }] }
    const [made, ...others] = compileTarget(file, snapshot, now).target.policies
    return (
      others.length === 0 && made?.arn === policy.arn && saysTheSame(defaultDocument(policy), made.document)
    )
  })
}

function refOf(arn: string): PrincipalRef {
  const resource = parseArn(arn)?.resource ?? ''
  const kind = resource.startsWith('user/') ? 'user' : resource.startsWith('group/') ? 'group' : 'role'
  const name = arnName(arn)
  return { kind, name, text: `${kind}/${name}` }
}

interface OwnHolder {
  readonly ref: PrincipalRef
  /** ARNs of the policies of this file that it holds. */
  readonly owned: readonly string[]
}

/** Everybody who holds policies of this file; Identity Center's roles stand as their permission set. */
function ownHolders(snapshot: Snapshot, prefix: string): readonly OwnHolder[] {
  const principals = [...snapshot.users, ...snapshot.groups, ...snapshot.roles]
    .filter((item) => !item.name.startsWith('AWSReservedSSO_'))
    .map((item) => ({ ref: refOf(item.arn), owned: item.attached.filter((arn) => arn.startsWith(prefix)) }))
  const sets = snapshot.permissionSets.map(
    (set): OwnHolder => ({
      ref: { kind: 'permission-set', name: set.name, text: `permission-set/${set.name}` },
      owned: set.customerManaged
        .map((policy) => iamArn(snapshot, 'policy', policy.path, policy.name))
        .filter((arn) => arn.startsWith(prefix)),
    }),
  )
  return [...principals, ...sets].filter(({ owned }) => owned.length > 0)
}

/** Who can do what already through policies that are not ours, in persona's words, servers of equal access together. */
function elsewhereNotes(snapshot: Snapshot, name: string, now: Date): readonly string[] {
  const notes = new Map<string, { text: (servers: string) => string; servers: string[] }>()
  for (const row of evaluateAccess(snapshot, { name, now })) {
    const actions = new Set(row.elsewhere.flatMap((source) => source.actions))
    if (actions.size === 0 || (actions.size === 1 && actions.has('AccessUI'))) continue
    const words = row.server.includes(':mlflow-app/') ? 'everything' : accessWords(actions)
    const sources = row.elsewhere.map((source) => source.policy.replace(/@.*/u, ''))
    const through = [
      ...new Set(sources.map((policy) => (policy.startsWith('arn:') ? arnName(policy) : policy))),
    ].join(', ')
    const who = refOf(row.principal).text
    const key = JSON.stringify([row.principal, words, through])
    const note = notes.get(key) ?? {
      text: (servers: string) => `${who} has ${words} on ${servers} from elsewhere, through ${through}.`,
      servers: [],
    }
    note.servers.push(arnName(row.server))
    notes.set(key, note)
  }
  return [...notes.values()].map(({ text, servers }) => text(servers.sort().join(', ')))
}

function accessWords(actions: ReadonlySet<string>): string {
  const shape = nearestPersona(actions, builtInPersonas)
  if (!shape) return actions.size === 1 ? [...actions].join('') : `${actions.size} actions`
  const exceptions = [
    shape.add.length > 0 ? ` +${shape.add.length}` : '',
    shape.remove.length > 0 ? ` -${shape.remove.length}` : '',
  ]
  return `${shape.persona.name}${exceptions.join('')}`
}
