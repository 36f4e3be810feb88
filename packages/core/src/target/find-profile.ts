import { closestName } from '../catalog/suggest-name.ts'
import type { SageMakerDomain, Snapshot, UserProfile } from '../snapshot/snapshot.ts'
import type { InputIssues } from './input-issues.ts'

/** A profile or a domain as a grants file names it. */
export interface ProfileRef {
  readonly domain: string
  /** Absent for `domain/D`. */
  readonly name?: string
  /** As the file writes it. */
  readonly text: string
}

/** Finds the domain, and the profile where one is named; complains to `issues` and finds nothing where there is none. */
export function findProfile(
  ref: ProfileRef,
  snapshot: Snapshot,
  path: string,
  issues: InputIssues,
): { readonly domain: SageMakerDomain; readonly profile?: UserProfile } | undefined {
  const domain = snapshot.domains.find(
    (candidate) => candidate.id === ref.domain || candidate.name === ref.domain,
  )
  if (!domain) {
    issues.add(
      path,
      `${ref.text} names no SageMaker domain known here.`,
      whyUnknown(snapshot),
      'Correct the domain id (aws sagemaker list-domains), or grant to the execution role: role/NAME.',
    )
    return undefined
  }
  if (ref.name === undefined) return { domain }
  const here = snapshot.profiles.filter((profile) => profile.domain === domain.id)
  const profile = here.find((candidate) => candidate.name === ref.name)
  if (profile) return { domain, profile }
  const near = closestName(
    ref.name,
    here.map((candidate) => candidate.name),
  )
  issues.add(
    path,
    `There is no profile ${ref.name} in SageMaker domain ${domain.id}.`,
    `${ref.text} must exist before it can hold a policy; this tool makes no profiles.`,
    near ? `Did you mean ${near}?` : 'Create the profile first, or correct the name.',
  )
  return undefined
}

function whyUnknown(snapshot: Snapshot): string {
  if (snapshot.assumed)
    return 'Which role a SageMaker domain uses is known only to the account; offline nothing is read.'
  const unread = snapshot.unknown.find((part) => part.part === 'domains' || part.part === 'profiles')
  if (unread) return `SageMaker domains could not be read: ${unread.action} was refused. ${unread.why}`
  const known = snapshot.domains.map((candidate) => candidate.id).join(', ')
  // Only domains that the file names are read, so that none is here does not mean that there is none.
  return `No domain of the file's Region is called so${known ? `; ${known} is there` : ''}.`
}
