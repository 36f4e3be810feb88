import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { parseArn } from '@mlflow-iam/core/policy/arn'
import type { IamRole } from '@mlflow-iam/core/snapshot/snapshot'
import { isOwnedRole } from '@mlflow-iam/core/target/owned'
import { isElsewhere } from '@mlflow-iam/core/target/resolve-servers'
import { splitRoleName } from '@mlflow-iam/core/target/split-roles'

/** Which parts of an account are to be read besides who is signed in and its IAM. */
export interface ObserveNeeds {
  readonly servers?: RegionNeed
  readonly apps?: RegionNeed
  /** SageMaker domains with their user profiles. */
  readonly profiles?: RegionNeed
  readonly permissionSets?: PartNeed
  /** The name of a grants file: permission sets through which roles here hold anything of it are read, too. */
  readonly setsOf?: string
  /**
   * Documents of the AWS-managed policies that something is attached to, or only those that say what the caller
   * may do. Default true.
   */
  readonly managedPolicies?: boolean | 'of-caller'
  /** Session lengths of roles, where profiles share some: a split copies such a role. */
  readonly roleLengths?: boolean
  /** Profiles for which a split made a role, also where nothing names them any more. */
  readonly splitProfiles?: boolean
  /** Roles that may be deleted: where there are any, all that may act through them in `leavingIn` is read. */
  readonly leaving?: (role: IamRole) => boolean
  readonly leavingIn?: readonly string[]
  /** Alias and quotas. Default true. */
  readonly details?: boolean
}

export interface PartNeed {
  /** Required parts that AWS denies are an error; others are noted as unknown. */
  readonly required: boolean
  /** Names (domain ids, for profiles) to read in full; absent for all. */
  readonly names?: ReadonlySet<string>
  /** Names that were read already. */
  readonly but?: ReadonlySet<string>
  /** Permission sets may be named by ARN instead, which spares looking at all others. */
  readonly arns?: ReadonlySet<string>
}

export interface RegionNeed extends PartNeed {
  /** `''`, and an empty list, mean the default region. */
  readonly regions: readonly string[]
}

/** Everything that can be looked at, nothing of it required: for the wizard, `show`, `init` and `snapshot`. */
export function needEverything(regions: readonly string[] = []): ObserveNeeds {
  const part = { required: false, regions }
  return {
    ...{ servers: part, apps: part, profiles: part, permissionSets: { required: false } },
    ...{ roleLengths: true, splitProfiles: true },
  }
}

/** Only who is signed in and the account's IAM. */
export const needIamOnly: ObserveNeeds = { managedPolicies: false, details: false }

/** Beside anything else: all that says what whoever is signed in may do. */
export const needsOfCaller: ObserveNeeds = { managedPolicies: 'of-caller' }

/** What a grants file needs read: the objects that it names, and what holds its policies where it prunes. */
export function needsOfFile(file: GrantsFile, prune = false): ObserveNeeds {
  const servers = new RegionNeeds()
  const apps = new RegionNeeds()
  const profiles = new RegionNeeds()
  const permissionSets = new Set<string>()
  for (const server of file.servers) {
    const region = ('region' in server ? server.region : undefined) ?? file.region
    if (server.kind === 'app') apps.add(parseArn(server.app)?.region, tail(server.app))
    else if (server.kind === 'arn') {
      // Another account's servers cannot be listed from here; which account this is may not be known yet.
      const elsewhere = isElsewhere(server, file.account)
      if (elsewhere && file.account !== undefined) continue
      servers.add(parseArn(server.arn)?.region, tail(server.arn), !server.planned && !elsewhere)
    } else if (server.kind === 'name') servers.add(region, server.key, !server.planned)
    else servers.add(region, undefined)
  }
  for (const ref of file.grants.flatMap((grant) => grant.to)) {
    if (ref.kind === 'profile' || ref.kind === 'domain') profiles.add(file.region, ref.domain)
    if (ref.kind === 'permission-set') permissionSets.add(ref.name)
  }
  const required = permissionSets.size > 0
  // A set that is named and no longer granted to may still hold statements of ours.
  for (const { name } of file.permissionSets) permissionSets.add(name)
  for (const { profile } of file.split) profiles.add(file.region, profile.split('/')[1])
  return {
    ...{ splitProfiles: true, ...(file.split.length > 0 ? { roleLengths: true } : {}) },
    ...(prune ? { setsOf: file.name, leaving: isUnlisted(file), leavingIn: regionsOf(file) } : {}),
    ...servers.as('servers'),
    ...apps.as('apps'),
    ...profiles.as('profiles'),
    ...(permissionSets.size === 0 ? {} : { permissionSets: { required, names: permissionSets } }),
  }
}

/** Whether a role is the file's own and nothing in the file asks for it any more. */
function isUnlisted(file: GrantsFile): (role: IamRole) => boolean {
  const made = [
    ...Object.values(file.roles).map(({ name }) => name),
    ...file.split.map(({ role, profile }) => role ?? splitRoleName(file.name, profile)),
  ]
  const listed = new Set(made.map((name) => name.toLowerCase()))
  return (role) => isOwnedRole(role, file.name) && !listed.has(role.name.toLowerCase())
}

function regionsOf(file: GrantsFile): readonly string[] {
  const named = file.servers.map((server) => {
    if (server.kind === 'app') return parseArn(server.app)?.region
    return server.kind === 'arn' ? parseArn(server.arn)?.region : server.region
  })
  return [...new Set([file.region ?? '', ...named.map((region) => region ?? file.region ?? '')])]
}

/** What has to be known before a run is taken back that made roles: nothing may have come to use them. */
export function needsOfUndoing(plan: Plan): ObserveNeeds {
  return needsOfLeaving(plan, 'CreateRole')
}

/** What has to be known before a plan deletes roles: nothing may have come to use them since it was made. */
export function needsOfDeletions(plan: Plan): ObserveNeeds {
  return needsOfLeaving(plan, 'DeleteRole')
}

function needsOfLeaving({ operations, region, target }: Plan, by: 'CreateRole' | 'DeleteRole'): ObserveNeeds {
  const made = new Set(
    operations.flatMap(({ action, input }) => (action === by && 'RoleName' in input ? input.RoleName : [])),
  )
  if (made.size === 0) return {}
  const leavingIn = [...new Set([region, ...target.servers.map((server) => server.region)])]
  return { leaving: ({ name }) => made.has(name), leavingIn }
}

/** What a plan's operations depend on besides IAM: the permission sets and the domains of profiles that they name. */
export function needsOfOperations({ operations, region }: Plan): ObserveNeeds {
  const arns = new Set(
    operations.flatMap(({ input }) => ('PermissionSetArn' in input ? input.PermissionSetArn : [])),
  )
  const names = new Set(
    operations.flatMap(({ action, input }) => (action === 'UpdateUserProfile' ? input.DomainId : [])),
  )
  return {
    ...(arns.size === 0 ? {} : { permissionSets: { required: true, arns } }),
    ...(names.size === 0 ? {} : { profiles: { required: true, regions: [region], names } }),
  }
}

class RegionNeeds {
  readonly #regions = new Set<string>()
  readonly #names = new Set<string>()
  #all = false
  #required = false
  #asked = false

  add(region: string | undefined, name: string | undefined, required = true): void {
    this.#asked = true
    this.#required ||= required
    this.#regions.add(region ?? '')
    if (name === undefined) this.#all = true
    else this.#names.add(name)
  }

  as<K extends string>(key: K): Partial<Record<K, RegionNeed>> {
    const none: Partial<Record<K, RegionNeed>> = {}
    if (!this.#asked) return none
    const need = { required: this.#required, regions: [...this.#regions] }
    const named: RegionNeed = this.#all ? need : { ...need, names: this.#names }
    return Object.assign(none, { [key]: named })
  }
}

function tail(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
