import type { GrantsFile } from '../grants/grants-file.ts'
import { defaultDocument, readDocument } from '../plan/read-document.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { ownStatements } from '../target/inline-statements.ts'
import { ownedPrefix } from '../target/owned.ts'
import { type AdoptionNote, adoptionNotes } from './adoption-notes.ts'
import { type DraftServers, draftServers, onlyNamed } from './draft-servers.ts'
import { elsewhereNotes } from './elsewhere-notes.ts'
import { ownedGrants } from './owned-grants.ts'
import { otherFiles, ownedName } from './owned-name.ts'
import { withServerFacts } from './read-server-facts.ts'
import { type ReadRoles, readServiceRoles } from './read-service-roles.ts'
import { readSplits } from './read-splits.ts'

export interface AccountDraft {
  /** A file whose plan changes nothing in this account. */
  readonly file: GrantsFile
  /** What of ours the file does not say, a sentence each: `plan --prune` would take it away. */
  readonly unsaid: readonly string[]
  /** What else the account holds and the file does not say: access from elsewhere, Apps. */
  readonly notes: readonly string[]
  /** Hand-made policies that grants of the file could replace. */
  readonly adoptable: readonly AdoptionNote[]
}

/**
 * Writes down what an account has as a grants file: its servers, and the grants behind policies of ours. Access from
 * elsewhere is noted, not granted: taking it over would change the account. Planning with the file changes nothing.
 */
export function draftFromAccount(snapshot: Snapshot, now: Date, wanted?: string): AccountDraft {
  const name = wanted ?? ownedName(snapshot)
  const prefix = ownedPrefix(snapshot, name)
  const documents = [
    ...snapshot.policies
      .filter((policy) => policy.arn.startsWith(prefix))
      .flatMap((policy) => readDocument(defaultDocument(policy)) ?? []),
    ...snapshot.permissionSets.map((set) => ({ Statement: ownStatements(set.inlinePolicy ?? '', name) })),
  ]
  const empty: GrantsFile = {
    version: 1,
    name,
    account: snapshot.account,
    partition: snapshot.partition,
    region: snapshot.region,
    servers: [],
    roles: {},
    personas: [],
    grants: [],
    split: [],
    adopt: [],
    permissionSets: [],
    accounts: [],
    locate: () => ({ file: 'grants.yaml', line: 1, column: 1 }),
  }
  const all = withServerFacts(empty, snapshot, draftServers(snapshot, documents), documents)
  // A service role is scoped to the servers of its file, which may not have listed all that there are.
  const [first, second] = [all, onlyNamed(all, documents)].map((servers) => ({
    servers,
    read: readServiceRoles({ ...empty, servers: servers.servers }, snapshot, now),
  }))
  const chosen = first && second && isBetter(second.read, first.read) ? second : first
  const { servers, read } = chosen ?? { servers: all, read: { roles: {}, policies: [], unread: [] } }
  const base = { ...empty, servers: servers.servers, roles: read.roles }
  const { unsaid, ...owned } = ownedGrants(base, snapshot, servers, new Set(read.policies), now)
  return {
    file: { ...base, ...owned, split: readSplits(snapshot, name) },
    unsaid: [
      ...read.unread.map((role) => `role/${role} is ours, but not as a file says service roles.`),
      ...unsaid,
    ],
    notes: [
      ...serversLeftOut(servers, all),
      ...appsLeftOut(base, snapshot),
      ...otherFiles(snapshot, name),
      ...elsewhereNotes(snapshot, name, now),
    ],
    adoptable: adoptionNotes(snapshot, base, now),
  }
}

function isBetter(one: ReadRoles, other: ReadRoles): boolean {
  return one.policies.length > other.policies.length
}

function serversLeftOut(chosen: DraftServers, all: DraftServers): readonly string[] {
  const kept = new Set(chosen.servers)
  return all.servers
    .filter((server) => !kept.has(server))
    .map(({ key }) => `server ${key}: the service roles of this file are not for it. Listing it widens them.`)
}

/** An App has one action for everything, so it is for a person to say `access: full`. */
function appsLeftOut(file: GrantsFile, snapshot: Snapshot): readonly string[] {
  const kept = new Set(file.servers.flatMap((server) => (server.kind === 'app' ? [server.app] : [])))
  return snapshot.apps
    .filter(({ arn }) => !kept.has(arn))
    .map(
      ({ name, arn }) =>
        `App ${name}: whoever gets any of it may do everything there. If that is meant, list it under servers: { app: ${arn}, access: full }`,
    )
}
