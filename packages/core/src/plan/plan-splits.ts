import { arnName } from '../policy/arn.ts'
import type { IamRole, Snapshot, UserProfile } from '../snapshot/snapshot.ts'
import type { AccountIndex } from '../target/account-index.ts'
import { isCarriedPolicy, splitProfileOf } from '../target/split-marks.ts'
import { currentRole } from '../target/split-roles.ts'
import type { Target, TargetRole } from '../target/target.ts'
import type { DraftOperation } from './draft-operation.ts'
import { finding } from './findings.ts'
import type { Finding } from './plan.ts'
import { defaultDocument } from './read-document.ts'

/** A profile that a plan takes from the role it shares to one of its own. */
export interface ProfileSwitch {
  readonly role: TargetRole
  readonly profile: UserProfile
  /** The role that it shares now. */
  readonly source: IamRole
}

/** The split profiles that do not act through their own role yet. */
export function findSwitches(
  target: Target,
  snapshot: Snapshot,
  account: AccountIndex,
): readonly ProfileSwitch[] {
  return target.roles.flatMap((role) => {
    const profile = snapshot.profiles.find(
      ({ domain, name }) => domain === role.split?.domain && name === role.split.profile,
    )
    const current = profile && currentRole(profile, snapshot)
    const source = current === undefined || current === role.arn ? undefined : account.byArn(current)
    return profile && source && 'trust' in source ? [{ role, profile, source: source as IamRole }] : []
  })
}

/**
 * Sets the execution role of each split profile, after everything that the role is to hold is usable and before
 * anything is taken from the shared one; and says what changes for the person.
 */
export function planSplits(
  switches: readonly ProfileSwitch[],
  target: Target,
  snapshot: Snapshot,
  prefix: string,
): { drafts: readonly DraftOperation[]; findings: readonly Finding[] } {
  const moving = new Set(switches.map(({ profile }) => profile.arn))
  return {
    drafts: switches.map(switchProfile),
    findings: switches.flatMap((one) => [
      ...describeSwitch(one, snapshot, moving),
      ...grantsLeft(one, target, prefix),
      ...namedByArn(one, target, snapshot),
    ]),
  }
}

function switchProfile({ role, profile, source }: ProfileSwitch): DraftOperation {
  const set = (ExecutionRole: string) =>
    ({
      action: 'UpdateUserProfile',
      input: {
        DomainId: profile.domain,
        UserProfileName: profile.name,
        UserSettings: { ExecutionRole },
      },
    }) as const
  return {
    stage: 'switch',
    request: set(role.arn),
    principal: role.arn,
    because: `Profile ${nameOf(profile)} acts through ${role.name} from now on; apps that are running keep ${source.name} until they are restarted.`,
    risk: 'changes',
    // SageMaker has no request that unsets a profile's role: what was inherited comes back by name.
    inverse: () => [set(source.arn)],
  }
}

function describeSwitch(
  { role, profile, source }: ProfileSwitch,
  snapshot: Snapshot,
  moving: ReadonlySet<string>,
): readonly Finding[] {
  const about = { principal: role.arn }
  const who = nameOf(profile)
  const sharing = snapshot.profiles.filter((other) => currentRole(other, snapshot) === source.arn)
  const staying = sharing.filter((other) => !moving.has(other.arn)).length
  const others =
    staying === 0 ? '' : `, which ${staying} other profile${staying === 1 ? ' keeps' : 's keep'} using`
  return [
    finding(
      'profile-switches',
      `Profile ${who} gets role ${role.name}, a copy of ${source.name}${others}. Apps that are running act through ${source.name} until they are restarted, and shared spaces keep the role of their domain.`,
      about,
    ),
    ...(sharing.length < 2 && splitProfileOf(source) !== profile.arn
      ? [
          finding(
            'split-not-shared',
            `No other profile acts through ${source.name}, so ${who} does not have to be split from it.`,
            about,
          ),
        ]
      : []),
    ...(profile.role === undefined
      ? [
          finding(
            'split-leaves-domain',
            `Profile ${who} has no role of its own and follows domain ${profile.domain}. A rollback names ${source.name} for it, as SageMaker cannot unset a role: the same access, but a new default of the domain no longer reaches it.`,
            about,
          ),
        ]
      : []),
  ]
}

/** What the shared role has through this file, and the profile will not have. */
function grantsLeft(
  { role, profile, source }: ProfileSwitch,
  target: Target,
  prefix: string,
): readonly Finding[] {
  const held = (principal: string) =>
    target.attachments.filter((item) => item.principal === principal).map(({ policy }) => policy)
  const kept = new Set(held(role.arn))
  const ours = source.attached.filter((arn) => arn.startsWith(prefix) && !isCarriedPolicy(arn))
  const left = [...new Set([...held(source.arn), ...ours])].filter((arn) => !kept.has(arn))
  if (left.length === 0) return []
  const purposes = new Map(target.policies.map(({ arn, purpose }) => [arn, purpose]))
  const what = left.map((arn) => purposes.get(arn) ?? arnName(arn)).sort()
  return [
    finding(
      'split-leaves-grants',
      `Profile ${nameOf(profile)} no longer has what role ${source.name} is granted: ${what.join('; ')}. Grants to a shared role are not carried over; grant to profile/${nameOf(profile)} what it should keep.`,
      { principal: role.arn },
    ),
  ]
}

/** Policies that speak of the shared role by its ARN: they do not speak of its copy. */
function namedByArn(
  { role, profile, source }: ProfileSwitch,
  target: Target,
  snapshot: Snapshot,
): readonly Finding[] {
  const named = `"${source.arn}"`
  const stored = new Map(snapshot.policies.map((policy) => [policy.arn, policy]))
  const documents = new Map(target.policies.map(({ arn, document }) => [arn, JSON.stringify(document)]))
  const own = target.attachments
    .filter((item) => item.principal === role.arn)
    .filter(({ policy }) => {
      const found = stored.get(policy)
      return (documents.get(policy) ?? (found ? defaultDocument(found) : '')).includes(named)
    })
    .map(({ policy }) => `policy ${arnName(policy)}`)
  const trusting = snapshot.roles
    .filter((other) => other.trust.includes(named))
    .map((other) => `the trust of role ${other.name}`)
  const all = [...own, ...trusting].sort()
  if (all.length === 0) return []
  return [
    finding(
      'split-names-old-role',
      `${all.join(', ')} name${all.length === 1 ? 's' : ''} role ${source.name} by its ARN. ${role.name} is another role: where it is passed to SageMaker (iam:PassRole) or trusted, ${nameOf(profile)} needs it named too.`,
      { principal: role.arn },
    ),
  ]
}

function nameOf({ domain, name }: UserProfile): string {
  return `${domain}/${name}`
}
