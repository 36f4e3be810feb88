import { saysTheSame } from '../plan/read-document.ts'
import { arnName, parseArn } from '../policy/arn.ts'
import type { IamRole, Snapshot } from '../snapshot/snapshot.ts'
import { allowTheSame, ownStatements } from '../target/inline-statements.ts'
import { isOwnedRole } from '../target/owned.ts'
import { currentRole } from '../target/split-roles.ts'
import { listedPrincipals, type Target, type TargetAttachment, type TargetRole } from '../target/target.ts'
import { isOwnedPolicy } from './owned.ts'
import { inlineNameOfSets } from './permission-set-of.ts'

/** One thing that the grants file owns and that is not in the account as it should be. */
export interface Drift {
  readonly code:
    | 'principal-missing'
    | 'policy-missing'
    | 'policy-changed'
    | 'inline-changed'
    | 'attachment-missing'
    | 'attachment-added'
    | 'role-missing'
    | 'trust-changed'
    | 'role-tags-changed'
    | 'boundary-added'
    | 'profile-elsewhere'
  /** One sentence. */
  readonly because: string
  /** ARN of the policy, role or principal that differs. */
  readonly about: string
  /** ARNs of the principals whose access it touches. */
  readonly principals: readonly string[]
}

/**
 * Compares what the file owns with what is there: principals, documents, attachments, trust, tags, boundaries.
 * It cannot tell a change made by hand from a plan that was never applied; both are named.
 */
export function findDrift(target: Target, snapshot: Snapshot, name: string): readonly Drift[] {
  const attached = attachmentsOf(snapshot)
  return [
    ...missingPrincipals(target, attached),
    ...policyDrift(target, snapshot),
    ...attachmentDrift(target, snapshot, attached, name),
    ...inlineDrift(target, snapshot, name),
    ...target.roles.flatMap((role) => [...roleDrift(role, snapshot, name), ...profileDrift(role, snapshot)]),
  ]
}

type Attachments = ReadonlyMap<string, ReadonlySet<string>>

/** Managed policies of each principal, by ARN; of a permission set, those of this account that it refers to. */
function attachmentsOf(snapshot: Snapshot): Attachments {
  const attached = new Map<string, ReadonlySet<string>>()
  for (const holder of [...snapshot.users, ...snapshot.groups, ...snapshot.roles]) {
    attached.set(holder.arn, new Set(holder.attached))
  }
  for (const set of snapshot.permissionSets) {
    const own = set.customerManaged.map(
      (policy) => `arn:${snapshot.partition}:iam::${snapshot.account}:policy${policy.path}${policy.name}`,
    )
    attached.set(set.arn, new Set([...set.managedPolicies, ...own]))
  }
  return attached
}

function missingPrincipals(target: Target, attached: Attachments): readonly Drift[] {
  const planned = new Set(target.roles.map((role) => role.arn))
  return target.principals
    .filter((principal) => !attached.has(principal.arn) && !planned.has(principal.arn))
    .map((principal) => ({
      code: 'principal-missing',
      because: `${principal.kind} ${principal.name} is not in the account.`,
      about: principal.arn,
      principals: principal.actsAs ? [principal.arn, principal.actsAs] : [principal.arn],
    }))
}

function policyDrift(target: Target, snapshot: Snapshot): readonly Drift[] {
  const there = new Map(snapshot.policies.map((policy) => [policy.arn, policy]))
  const holders = holdersByPolicy(target)
  return target.policies.flatMap((policy): readonly Drift[] => {
    const about = { about: policy.arn, principals: holders.get(policy.arn) ?? [] }
    const found = there.get(policy.arn)
    if (!found) {
      return [
        {
          code: 'policy-missing',
          because: `Policy ${policy.name} (${policy.purpose}) is not there.`,
          ...about,
        },
      ]
    }
    const version = found.versions.find((one) => one.id === found.defaultVersion)
    if (version && saysTheSame(version.document, policy.document)) return []
    return [
      {
        code: 'policy-changed',
        because: `Policy ${policy.name} (${policy.purpose}) says something else in its default version ${found.defaultVersion}.`,
        ...about,
      },
    ]
  })
}

function attachmentDrift(
  target: Target,
  snapshot: Snapshot,
  attached: Attachments,
  name: string,
): readonly Drift[] {
  const drift: Drift[] = []
  const wanted = new Set(target.attachments.map(({ principal, policy }) => `${principal}\n${policy}`))
  const policies = new Set(snapshot.policies.map((policy) => policy.arn))
  for (const { principal, policy } of target.attachments) {
    const there = attached.get(principal)
    // What is not there at all is told once, as that.
    if (!there || there.has(policy) || !policies.has(policy)) continue
    const because = `Policy ${arnName(policy)} is not attached to ${nameIn(target, principal)}.`
    drift.push({ code: 'attachment-missing', because, about: policy, principals: actors(target, principal) })
  }
  for (const principal of listedPrincipals(target)) {
    for (const policy of attached.get(principal) ?? []) {
      if (!isOwnedPolicy(policy, name) || wanted.has(`${principal}\n${policy}`)) continue
      const because = `Policy ${arnName(policy)} is attached to ${nameIn(target, principal)}, which the file does not say.`
      drift.push({ code: 'attachment-added', because, about: policy, principals: actors(target, principal) })
    }
  }
  return drift
}

/** A profile that is not on its own role yet shares another's, whatever that role would allow. */
function profileDrift({ arn, name, split }: TargetRole, snapshot: Snapshot): readonly Drift[] {
  const profile = snapshot.profiles.find(
    (one) => split && one.domain === split.domain && one.name === split.profile,
  )
  if (!profile || currentRole(profile, snapshot) === arn) return []
  const because = `Profile ${profile.domain}/${profile.name} does not act through role ${name} yet.`
  return [{ code: 'profile-elsewhere', because, about: profile.arn, principals: [arn] }]
}

/** Our statements in permission sets, and in the roles through which the sets act here. */
function inlineDrift(target: Target, snapshot: Snapshot, name: string): readonly Drift[] {
  const wanted = new Map((target.inline ?? []).map((inline) => [inline.principal, inline.statements]))
  const sets = new Map(snapshot.permissionSets.map((set) => [set.arn, set.inlinePolicy ?? '']))
  const roles = new Map(snapshot.roles.map((role) => [role.arn, role]))
  const differs = (arn: string, text: string) =>
    !allowTheSame(ownStatements(text, name), wanted.get(arn) ?? [])
  return target.principals.flatMap((principal): readonly Drift[] => {
    const said = sets.get(principal.arn)
    if (principal.kind !== 'permission-set' || said === undefined) return []
    const here = roles.get(principal.actsAs ?? '')
    const about = { about: principal.arn, principals: actors(target, principal.arn) }
    const set = `permission set ${principal.name}`
    if (differs(principal.arn, said)) {
      const because = `Our statements in the inline policy of ${set} are not those of the file.`
      return [{ code: 'inline-changed', because, ...about }]
    }
    const text = here?.inline.find((policy) => policy.name === inlineNameOfSets)?.document ?? ''
    if (!here || !differs(principal.arn, text)) return []
    const because = `The inline policy of ${set} has not been provisioned to this account as it is.`
    return [{ code: 'inline-changed', because, ...about }]
  })
}

function roleDrift(role: TargetRole, snapshot: Snapshot, name: string): readonly Drift[] {
  const about = { about: role.arn, principals: [role.arn] }
  const found = snapshot.roles.find((one) => one.arn === role.arn)
  if (!found) return [{ code: 'role-missing', because: `Role ${role.name} is not there.`, ...about }]
  if (role.existing) return []
  const drift: Drift[] = []
  if (!saysTheSame(found.trust, role.trust)) {
    drift.push({
      code: 'trust-changed',
      because: `Role ${role.name} trusts someone else than it should.`,
      ...about,
    })
  }
  const tags = changedTags(role, found)
  if (!isOwnedRole(found, name) || tags.length > 0) {
    drift.push({
      code: 'role-tags-changed',
      because: `Role ${role.name} lacks the tags ${tags.join(', ')}.`,
      ...about,
    })
  }
  if (found.boundary && found.boundary !== role.boundary) {
    const because = `Role ${role.name} has the permissions boundary ${arnName(found.boundary)}, which the file does not set.`
    drift.push({ code: 'boundary-added', because, ...about })
  }
  return drift
}

function changedTags(role: TargetRole, found: IamRole): readonly string[] {
  const there = new Map(found.tags.map((tag) => [tag.Key, tag.Value]))
  return role.tags.filter((tag) => there.get(tag.Key) !== tag.Value).map((tag) => `${tag.Key}=${tag.Value}`)
}

function holdersByPolicy(target: Target): ReadonlyMap<string, readonly string[]> {
  const holders = new Map<string, string[]>()
  const add = ({ principal, policy }: TargetAttachment) =>
    holders.set(policy, [...(holders.get(policy) ?? []), ...actors(target, principal)])
  target.attachments.forEach(add)
  return holders
}

/** The principal itself, and the role through which a permission set acts. */
function actors(target: Target, principal: string): readonly string[] {
  const actsAs = target.principals.find((one) => one.arn === principal)?.actsAs
  return actsAs ? [principal, actsAs] : [principal]
}

function nameIn(target: Target, arn: string): string {
  const known = target.principals.find((principal) => principal.arn === arn)
  return known?.kind === 'permission-set' ? `permission-set/${known.name}` : shortName(arn)
}

/** `user/ana` of an ARN; the ARN itself where it is none of IAM's. */
export function shortName(arn: string): string {
  const parsed = parseArn(arn)
  return parsed?.service === 'iam' ? parsed.resource : arn
}
