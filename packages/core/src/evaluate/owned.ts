import { sidPrefix } from '../target/inline-statements.ts'

/** Where this tool keeps its policies; those of one grants file stand in a folder of its name. */
export const ownedPath = '/mlflow-iam/'

/**
 * Whether a policy is ours: made for the grants file of this name, or, without a name, for any. `policy` is a managed
 * policy's ARN or an inline policy's label. Of inline policies only our statements in a permission set's are ours:
 * their label has a `/`, which no policy's name can hold.
 */
export function isOwnedPolicy(policy: string, name?: string): boolean {
  if (policy.startsWith('inline:')) {
    const mark = /^inline:[^/@]*\/(MlflowIam[0-9a-f]{8})@/.exec(policy)?.[1]
    return mark !== undefined && (name === undefined || mark === prefixOf(name))
  }
  const resource = policy.split(':').slice(5).join(':')
  return resource.startsWith(`policy${ownedPath}${name === undefined ? '' : `${name}/`}`)
}

/** `inline:AwsSSOInlinePolicy/MlflowIam1a2b3c4d@<holder's ARN>` for statements with a mark; without one, the plain label. */
export function inlineLabel(policyName: string, holder: string, mark?: string): string {
  return `inline:${policyName}${mark === undefined ? '' : `/${mark}`}@${holder}`
}

/** The inline policy of a user, group or role that a plain label names; undefined for ARNs and for statements with a mark. */
export function readInlineLabel(
  label: string,
): { readonly name: string; readonly holder: string } | undefined {
  const [, name, holder] = /^inline:([^/:]*)@(arn:.*)$/u.exec(label) ?? []
  return name === undefined || holder === undefined ? undefined : { name, holder }
}

/** Asked for each policy of each principal, and nearly always of one name. */
const prefixes = new Map<string, string>()

function prefixOf(name: string): string {
  const known = prefixes.get(name) ?? sidPrefix(name)
  prefixes.set(name, known)
  return known
}
