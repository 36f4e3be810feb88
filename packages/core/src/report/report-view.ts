import type { AccessRow } from '../evaluate/access.ts'
import { type Account, accountOf } from '../evaluate/account.ts'
import { isOwnedPolicy } from '../evaluate/owned.ts'
import { permissionSetOf } from '../evaluate/permission-set-of.ts'
import { profilesByRole } from '../evaluate/profiles-by-role.ts'
import { arnName, parseArn } from '../policy/arn.ts'
import { hexHash } from '../policy/hash.ts'
import type { Snapshot, UserProfile } from '../snapshot/snapshot.ts'
import type { Redactor } from './redactor.ts'

/** People and servers as the report's sections need them: named, redacted, with anchors. */
export interface ReportView {
  readonly people: readonly Person[]
  readonly servers: readonly ReportServer[]
  /** Principals that have nothing on any server, and stand in no table. */
  readonly without: number
}

export interface Person {
  readonly arn: string
  /** `ana`; the permission set's name for a role that Identity Center made. */
  readonly name: string
  readonly kind: string
  /** Fragment of its section: `person-1a2b3c4d`. */
  readonly anchor: string
  /** SageMaker profiles that act through it. */
  readonly profiles: readonly string[]
  readonly groups: readonly string[]
  readonly boundary: string | undefined
  /** Names of the policies of this tool that reach it. */
  readonly owned: readonly string[]
  /** By server, in the order of the servers. */
  readonly rows: readonly AccessRow[]
}

export interface ReportServer {
  readonly arn: string
  readonly name: string
  readonly kind: 'tracking server' | 'MLflow App'
  readonly region: string
  readonly status: string | undefined
}

export function viewOf(snapshot: Snapshot, rows: readonly AccessRow[], redactor: Redactor): ReportView {
  const arns = [...new Set(rows.map((row) => row.server))]
  const servers = arns.map((arn) => serverOf(arn, snapshot, redactor))
  const byPerson = new Map<string, Map<string, AccessRow>>()
  for (const row of rows) {
    const own = byPerson.get(row.principal) ?? new Map<string, AccessRow>()
    byPerson.set(row.principal, own.set(row.server, row))
  }
  const account = accountOf(snapshot)
  const profiles = profilesByRole(snapshot)
  const people: Person[] = []
  for (const [arn, own] of byPerson) {
    if (![...own.values()].some(hasAnything)) continue
    const all = arns.map((server) => own.get(server) ?? emptyRow(arn, server))
    people.push(personOf(arn, all, profiles.get(arn) ?? [], account, redactor))
  }
  people.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return { people, servers, without: byPerson.size - people.length }
}

function hasAnything(row: AccessRow): boolean {
  return row.decidedIn !== undefined || row.allowed.length + row.denied.length + row.depends.length > 0
}

function emptyRow(principal: string, server: string): AccessRow {
  return { principal, server, allowed: [], denied: [], depends: [], elsewhere: [] }
}

function personOf(
  arn: string,
  rows: readonly AccessRow[],
  profiles: readonly UserProfile[],
  account: Account,
  redactor: Redactor,
): Person {
  const holder = account.find(arn)
  const name = holder?.name ?? arnName(arn)
  const sso = permissionSetOf(name)
  const owned = holder?.policies.filter(({ label }) => isOwnedPolicy(label)) ?? []
  return {
    arn: redactor.text(arn),
    name: redactor.text(sso ?? name),
    kind:
      sso !== undefined || holder?.kind === 'permission-set' ? 'permission set' : (holder?.kind ?? 'unknown'),
    anchor: `person-${hexHash(arn, 8)}`,
    profiles: profiles.map((profile) => redactor.text(`${profile.domain}/${profile.name}`)),
    groups: (holder?.groups ?? []).map((group) => redactor.text(group)),
    boundary: holder?.boundary === undefined ? undefined : redactor.text(holder.boundary.arn),
    owned: owned.map(({ label }) => redactor.text(arnName(label))),
    rows: redactor.rows(rows),
  }
}

function serverOf(arn: string, snapshot: Snapshot, redactor: Redactor): ReportServer {
  const parsed = parseArn(arn)
  const app = parsed?.resource.startsWith('mlflow-app/') === true
  const known = [...snapshot.servers, ...snapshot.apps].find((one) => one.arn === arn)
  const status = known?.status
  return {
    arn: redactor.text(arn),
    name: redactor.text(known?.name ?? parsed?.resource.split('/').at(-1) ?? arn),
    kind: app ? 'MLflow App' : 'tracking server',
    region: parsed?.region ?? '',
    status,
  }
}
