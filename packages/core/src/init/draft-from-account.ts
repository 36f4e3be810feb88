import type { GrantsFile } from '../grants/grants-file.ts'
import { renderInline } from '../grants/write-grants.ts'
import { arnName } from '../policy/arn.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { ownedPrefix } from '../target/owned.ts'
import { type AdoptionNote, adoptionNotes } from './adoption-notes.ts'
import { type DraftServers, draftServers, freeKey, onlyNamed } from './draft-servers.ts'
import { elsewhereNotes } from './elsewhere-notes.ts'
import { policyWord } from './guess-grants.ts'
import { type OwnedDocument, ownedDocuments } from './owned-documents.ts'
import { type OwnedGrants, ownedGrants } from './owned-grants.ts'
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
  /** The Apps among them, a line of `servers` each. */
  readonly apps: readonly string[]
  /** Hand-made policies that grants of the file could replace. */
  readonly adoptable: readonly AdoptionNote[]
}

/**
 * Writes down what an account has as a grants file: its servers, and the grants behind policies of ours. Access from
 * elsewhere is noted, not granted: taking it over would change the account. Planning with the file changes nothing.
 */
export function draftFromAccount(snapshot: Snapshot, now: Date, wanted?: string): AccountDraft {
  const name = wanted ?? ownedName(snapshot)
  const documents = ownedDocuments(snapshot, name, ownedPrefix(snapshot, name))
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
  let best: AccountDraft | undefined
  for (const servers of withServerFacts(empty, snapshot, draftServers(snapshot, documents), documents)) {
    const draft = draftWith(servers, documents, empty, snapshot, now)
    if (!best || draft.unsaid.length < best.unsaid.length) best = draft
    if (best.unsaid.length === 0) break
  }
  return best as AccountDraft
}

/** The draft where these are the servers, with what is known of them. */
function draftWith(
  all: DraftServers,
  documents: readonly OwnedDocument[],
  empty: GrantsFile,
  snapshot: Snapshot,
  now: Date,
): AccountDraft {
  const { name } = empty
  // A service role is scoped to the servers of its file, which may not have listed all that there are.
  const [first, second] = [all, onlyNamed(all, documents)].map((servers) => ({
    servers,
    read: readServiceRoles({ ...empty, servers: servers.servers }, snapshot, now),
  }))
  const chosen = first && second && isBetter(second.read, first.read) ? second : first
  const { servers, read } = chosen ?? { servers: all, read: { roles: {}, policies: [], unread: [] } }
  const { base, leftOut, unsaid, grants, ...owned } = rolesAndGrants(
    { ...empty, servers: servers.servers },
    read,
    (file, policies) => ownedGrants(file, snapshot, servers, policies, now),
    snapshot,
  )
  const splits = readSplits(snapshot, name, leftOut)
  const apps = appsLeftOut(base, snapshot)
  return {
    file: {
      ...{ ...base, ...owned, split: splits.split },
      grants: grants.map((grant) => ({ ...grant, to: grant.to.map(splits.granted) })),
    },
    unsaid: [
      ...read.unread.map((role) => `role/${role} is ours, but not as a file says service roles.`),
      ...unsaid,
      ...splits.unsaid,
    ],
    notes: [
      ...serversLeftOut(servers, all),
      ...apps.map(
        ({ name }) =>
          `App ${name}: whoever gets any of it may do everything there, so only a person can list it.`,
      ),
      ...otherFiles(snapshot, name),
      ...elsewhereNotes(snapshot, name, now),
    ],
    apps: appLines(apps, base),
    adoptable: adoptionNotes(snapshot, base, servers.keyOf, now),
  }
}

/**
 * Grants beside the service roles. A file that makes or uses a role lists it, and takes from it what no grant says: a
 * role that has such a policy of ours stays out with it, and with it whatever hangs on the role.
 */
function rolesAndGrants(
  file: GrantsFile,
  read: ReadRoles,
  grantsBeside: (base: GrantsFile, rolePolicies: ReadonlySet<string>) => OwnedGrants,
  snapshot: Snapshot,
): OwnedGrants & { readonly base: GrantsFile } {
  const arns = new Map(snapshot.roles.map(({ name, arn }) => [name, arn]))
  const server = read.roles['tracking-server']
  const client = read.roles.sagemaker
  const policiesOf = (word: string) => read.policies.filter((arn) => policyWord(arnName(arn)) === word)
  const attempt = (withServer: boolean, withClient: boolean): OwnedGrants & { readonly base: GrantsFile } => {
    const roles = {
      ...(server && withServer ? { 'tracking-server': server } : {}),
      ...(client && withClient ? { sagemaker: client } : {}),
    }
    const policies = [
      ...(withServer ? policiesOf('tracking-server') : []),
      ...(withClient ? policiesOf('sagemaker') : []),
    ]
    const base = { ...file, roles }
    const grants = grantsBeside(base, new Set(policies))
    const fits = (role: { readonly name: string } | undefined) =>
      !grants.leftOut.has(arns.get(role?.name ?? '') ?? '')
    const [keepsServer, keepsClient] = [withServer && fits(server), withClient && fits(client)]
    return keepsServer === withServer && keepsClient === withClient
      ? { base, ...grants }
      : attempt(keepsServer, keepsClient)
  }
  return attempt(server !== undefined, client !== undefined)
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

function appsLeftOut(file: GrantsFile, snapshot: Snapshot): Snapshot['apps'] {
  const kept = new Set(file.servers.flatMap((server) => (server.kind === 'app' ? [server.app] : [])))
  return snapshot.apps.filter(({ arn }) => !kept.has(arn))
}

/** An App has one action for everything, so it is for a person to say `access: full`. */
function appLines(apps: Snapshot['apps'], file: GrantsFile): readonly string[] {
  const taken = new Set(file.servers.map(({ key }) => key))
  return apps.map(({ name, arn, region }) => {
    const key = freeKey(name, region, taken)
    taken.add(key)
    return `${renderInline(key)}: ${renderInline({ app: arn, access: 'full' })}`
  })
}
