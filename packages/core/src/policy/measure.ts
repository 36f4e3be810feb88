import type { PolicyDocument } from './document.ts'

/** IAM's limits on policies, in characters without white space (IAM User Guide, "IAM and AWS STS quotas"). */
export const policyLimits = {
  managed: 6144,
  trust: 2048,
  inlineUser: 2048,
  inlineGroup: 5120,
  inlineRole: 10240,
} as const

/** Managed policies attached to one principal, before any increase (same page). */
export const attachmentLimits = { user: 10, group: 10, role: 10 } as const

/** Versions that a managed policy keeps (same page). */
export const versionLimit = 5

/** The size of a document as IAM counts it: white space between tokens is free. Never less than IAM's own count. */
export function policySize(document: PolicyDocument): number {
  return JSON.stringify(document).length
}
