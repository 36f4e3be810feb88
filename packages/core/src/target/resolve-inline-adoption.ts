import { closestName } from '../catalog/suggest-name.ts'
import { inlineLabel } from '../evaluate/owned.ts'
import { type InlineHolder, readInlinePolicy } from '../grants/rules/inline-policy.ts'
import { finding } from '../plan/findings.ts'
import type { Finding } from '../plan/plan.ts'
import type { IamGroup, IamRole, IamUser, Snapshot } from '../snapshot/snapshot.ts'
import type { AccountIndex } from './account-index.ts'
import type { InputIssues } from './input-issues.ts'

type Holder = IamUser | IamGroup | IamRole

/** What one line about an inline policy comes to: its label, a remark, or nothing where it was complained about. */
export interface InlineAdoption {
  readonly label?: string
  readonly finding?: Finding
}

/**
 * The inline policy that a line of `adopt` names. As with managed policies, a name that is close to one that is there
 * is taken for a slip, and any other for a policy that is gone.
 */
export function resolveInlineAdoption(
  text: string,
  path: string,
  snapshot: Snapshot,
  account: AccountIndex,
  issues: InputIssues,
): InlineAdoption {
  const read = readInlinePolicy(text)
  if (!('holder' in read)) return {} // told when the file was read
  const { name, holder } = read
  const found = account[holder.kind](holder.name)
  if (!found) return holderGone(text, holder, path, snapshot, issues)
  if (isAnother(found, holder)) {
    issues.add(
      path,
      `${holder.text} is not the ${holder.kind} ${found.name} of this account.`,
      `Its ARN is ${found.arn}.`,
      `Say inline:${name}@${holder.kind}/${found.name}.`,
    )
    return {}
  }
  if (found.inline.some((policy) => policy.name === name)) return { label: inlineLabel(name, found.arn) }
  const near = closestName(
    name,
    found.inline.map((policy) => policy.name),
  )
  if (near === undefined) return { finding: gone(text, snapshot) }
  issues.add(
    path,
    `${holder.kind} ${found.name} has no inline policy ${name}.`,
    `It has ${found.inline.map((policy) => policy.name).join(', ')}.`,
    `Did you mean inline:${near}@${holder.kind}/${found.name}? If ${name} was deleted, delete this line.`,
  )
  return {}
}

/** How a file names the inline policies that bear the name of no managed one, for people who left out the holder. */
export function inlineNamed(name: string, snapshot: Snapshot): readonly string[] {
  const within = (kind: InlineHolder['kind'], holders: readonly Holder[]) =>
    holders
      .filter((holder) => !holder.name.startsWith('AWSReservedSSO_'))
      .filter((holder) => holder.inline.some((policy) => policy.name === name))
      .map((holder) => `inline:${name}@${kind}/${holder.name}`)
  return [
    ...within('user', snapshot.users),
    ...within('group', snapshot.groups),
    ...within('role', snapshot.roles),
  ]
}

function holderGone(
  text: string,
  { kind, name }: InlineHolder,
  path: string,
  snapshot: Snapshot,
  issues: InputIssues,
): InlineAdoption {
  const holders: readonly Holder[] = { user: snapshot.users, group: snapshot.groups, role: snapshot.roles }[
    kind
  ]
  const near = snapshot.assumed
    ? undefined
    : closestName(
        name,
        holders.map((holder) => holder.name),
      )
  if (near === undefined) return { finding: gone(text, snapshot) }
  issues.add(
    path,
    `There is no ${kind} ${name} in account ${snapshot.account}.`,
    `${kind} ${near} is there.`,
    `Did you mean ${kind}/${near}? If ${name} was deleted, delete this line.`,
  )
  return {}
}

function isAnother(found: Holder, { path, arn }: InlineHolder): boolean {
  return (path !== undefined && found.path !== path) || (arn !== undefined && found.arn !== arn)
}

function gone(text: string, snapshot: Snapshot): Finding {
  const why = snapshot.assumed
    ? 'Offline no policies are known, so nothing is adopted.'
    : 'It is adopted already, or was never there; the line can go.'
  return finding('adopted-policy-gone', `There is no policy ${text} any more. ${why}`)
}
