import { hexHash } from '../policy/hash.ts'
import type { IamRole, ManagedPolicy, Snapshot, Tag, UserProfile } from '../snapshot/snapshot.ts'

// Tags on a role that a split made. Tag values take no comma, so a role whose name has one is told by its id.
const profileTag = 'mlflow-iam:split-profile'
const fromTag = 'mlflow-iam:split-from'

/**
 * The tags by which a role says whom it was made for and which role that profile shared before. Where another role of
 * its own is copied, that is the one which was shared at first: the copy in between goes.
 */
export function splitTags(profile: UserProfile, from: IamRole): readonly Tag[] {
  const first = splitProfileOf(from) === profile.arn ? fromOf(from) : undefined
  return [
    { Key: profileTag, Value: profile.arn },
    { Key: fromTag, Value: first ?? (from.name.includes(',') ? from.id : from.name) },
  ]
}

/** ARN of the SageMaker profile that a role was made for by a split; undefined for every other role. */
export function splitProfileOf(role: Pick<IamRole, 'tags'>): string | undefined {
  return role.tags.find((tag) => tag.Key === profileTag)?.Value
}

/** The role that the profile shared before, where it is still there. */
export function splitSourceOf(role: IamRole, snapshot: Snapshot): IamRole | undefined {
  const from = fromOf(role)
  return from === undefined
    ? undefined
    : snapshot.roles.find((candidate) => candidate.name === from || candidate.id === from)
}

function fromOf(role: IamRole): string | undefined {
  return role.tags.find((tag) => tag.Key === fromTag)?.Value
}

const carriedWord = 'mlflow-iam-carried-'

/** The name of the policy that carries an inline policy of a shared role over to a role of its own. */
export function carriedPolicyName(fileName: string, role: string, inline: string): string {
  return `${carriedWord}${hexHash(`${fileName} ${role} ${inline}`, 8)}`
}

/** Whether a policy of ours only carries over what somebody else wrote: it gives no grant of the file. */
export function isCarriedPolicy(arn: string): boolean {
  return arn.includes(':policy/mlflow-iam/') && /\/mlflow-iam-carried-[0-9a-f]{8}$/u.test(arn)
}

/** The carried-over policies that a role holds. */
export function carriedPoliciesOf(
  role: Pick<IamRole, 'attached'>,
  prefix: string,
  policyByArn: (arn: string) => ManagedPolicy | undefined,
): readonly ManagedPolicy[] {
  return role.attached
    .filter((arn) => arn.startsWith(prefix) && isCarriedPolicy(arn))
    .flatMap((arn) => policyByArn(arn) ?? [])
}
