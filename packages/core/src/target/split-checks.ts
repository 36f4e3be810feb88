import { readDocument } from '../plan/read-document.ts'
import { attachmentLimits, policyLimits, policySize } from '../policy/measure.ts'
import type { IamRole, InlinePolicy, Snapshot } from '../snapshot/snapshot.ts'
import type { InputIssues } from './input-issues.ts'
import type { ProfileSplit } from './split-copy.ts'

/** Tags that IAM keeps on a role. */
const tagLimit = 50

interface Copying {
  readonly split: ProfileSplit
  readonly source: IamRole
  /** Its inline policies that are to be carried over. */
  readonly inlines: readonly InlinePolicy[]
  /** The role of an earlier try. */
  readonly found: IamRole | undefined
  readonly path: string
  readonly quotas: Snapshot['quotas']
  readonly issues: InputIssues
}

/** Complains about whatever of the shared role cannot stand on a role of its own as it is. */
export function checkCopy({ split, source, inlines, found, path, quotas, issues }: Copying): void {
  const { role, copied, carried } = split
  const whose = `profile ${split.profile.domain}/${split.profile.name}`
  if (readDocument(source.trust) === undefined) {
    issues.add(
      path,
      `The trust policy of role ${source.name} cannot be read.`,
      `The role of ${whose} would trust whom ${source.name} trusts.`,
      `Look at ${source.arn} in IAM, and read the account again.`,
    )
  }
  for (const inline of inlines) {
    const document = readDocument(inline.document)
    const size = document === undefined ? undefined : policySize(document)
    if (size !== undefined && size <= policyLimits.managed) continue
    issues.add(
      path,
      `The inline policy ${inline.name} of role ${source.name} cannot be carried over.`,
      size === undefined
        ? 'Its document cannot be read.'
        : `It has ${size} characters, and IAM takes ${policyLimits.managed} in a managed policy; it is copied exactly or not at all.`,
      `Make ${inline.name} smaller, or turn it into managed policies, then plan again.`,
    )
  }
  const quota = quotas?.attachedPerRole ?? attachmentLimits.role
  const held = copied.length + carried.length
  if (held > quota) {
    issues.add(
      path,
      `The role of ${whose} would need ${held} policies attached before any grant; IAM allows ${quota}.`,
      `Role ${source.name} has ${copied.length} managed policies from elsewhere and ${inlines.length} inline ones, and each becomes an attachment.`,
      `Join some policies of ${source.name}, or ask AWS for a higher quota.`,
    )
  }
  if (role.tags.length > tagLimit) {
    issues.add(
      path,
      `The role of ${whose} would have ${role.tags.length} tags; IAM allows ${tagLimit}.`,
      `It gets the tags of ${source.name} and four that mark it as ours.`,
      `Take tags off ${source.name}.`,
    )
  }
  if (found && found.boundary !== source.boundary) {
    issues.add(
      path,
      `Role ${found.name} is there already, with another permissions boundary than ${source.name}.`,
      `Its boundary is ${found.boundary ?? 'none'}, that of ${source.name} is ${source.boundary ?? 'none'}; a boundary is set only when a role is made.`,
      `Give ${found.name} the boundary of ${source.name}, or delete ${found.name}, then plan again.`,
    )
  }
}
