import type { Finding, FindingLevel } from './plan.ts'

/**
 * Every finding that can be made, and its level: the one table that decides what needs a typed
 * confirmation. `high` is what takes access away, reaches beyond this account, or opens the widest doors.
 */
export const findingLevels = {
  // Access that shrinks or ends
  'access-lost': 'high',
  'grant-ended': 'review',
  'grant-ends-soon': 'low',
  'access-stays-elsewhere': 'review',
  'removed-but-granted': 'review',
  // Access that is wide
  'admin-persona': 'high',
  'wildcard-actions': 'review',
  'all-servers': 'high',
  'tag-is-permission': 'review',
  'app-is-all-or-nothing': 'review',
  'app-compatible-form': 'review',
  'deletes-for-good': 'review',
  'shared-principal': 'review',
  'shared-via-role': 'review',
  'several-accounts': 'high',
  'policy-needed-elsewhere': 'review',
  'trust-changes': 'high',
  'documented-wildcards': 'review',
  'one-role-for-both': 'review',
  // Profiles that get a role of their own, and hand-made policies that the grants replace
  'profile-switches': 'review',
  'split-leaves-grants': 'review',
  'split-names-old-role': 'review',
  'split-not-listed': 'review',
  'split-leaves-domain': 'low',
  'split-not-shared': 'low',
  'adopt-loses': 'review',
  'adopt-loses-nothing': 'low',
  'adopted-still-held': 'low',
  'adopted-policy-free': 'low',
  'adopted-policy-gone': 'low',
  // Access that will not work as meant
  'cannot-work': 'review',
  'mfa-never-there': 'review',
  'condition-without-effect': 'review',
  'artifacts-unknown': 'review',
  'artifacts-differ': 'review',
  'pass-role-unknown': 'review',
  'role-does-not-trust-sagemaker': 'review',
  'role-keeps-policies': 'low',
  'server-not-checked': 'review',
  'not-for-apps': 'review',
  'operated-elsewhere': 'review',
  'other-account-to-do': 'review',
  'group-named-as-users': 'review',
  'trust-too-long': 'review',
  'nothing-granted': 'review',
  // Noise in the file
  'already-in-persona': 'low',
  'not-in-persona': 'low',
  'permission-set-idle': 'low',
  // What the plan has to do on the way
  'oldest-version-goes': 'low',
  'policies-merged': 'low',
  'still-needed': 'review',
  'granted-unused': 'review',
  'not-in-file': 'low',
  'changed-by-hand': 'review',
  // What the account already holds, whoever made it
  'self-lock-out': 'high',
  'may-widen-itself': 'high',
  'pass-role-any': 'high',
  'every-action-everywhere': 'review',
  'access-ui-on-server': 'review',
  'full-access-opens-apps': 'review',
  'boundary-older-actions': 'review',
  'unknown-key-in-deny': 'review',
  'malformed-policy': 'review',
  'key-never-sent': 'review',
  'unknown-action': 'low',
  'alias-promotes-model': 'low',
  'policy-not-read': 'low',
} as const satisfies Record<string, FindingLevel>

export type FindingCode = keyof typeof findingLevels

/** A finding with the level that the table gives its code. */
export function finding(
  code: FindingCode,
  message: string,
  about: { principal?: string; server?: string } = {},
): Finding {
  return { level: findingLevels[code], code, message, ...about }
}

const order: Record<FindingLevel, number> = { high: 0, review: 1, low: 2 }

/** High first, then by code and text; each said once. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const unique = new Map(
    findings.map((item) => [`${item.code}\n${item.message}\n${item.principal}\n${item.server}`, item]),
  )
  return [...unique.values()].sort(
    (a, b) => order[a.level] - order[b.level] || compare(a.code, b.code) || compare(a.message, b.message),
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
