import { closestName } from '../catalog/suggest-name.ts'
import type { GrantsFile } from '../grants/grants-file.ts'
import { inlineStart } from '../grants/rules/inline-policy.ts'
import { complainAboutAws } from '../grants/rules/policy.ts'
import { finding } from '../plan/findings.ts'
import type { Finding } from '../plan/plan.ts'
import { arnName, parseArn } from '../policy/arn.ts'
import type { ManagedPolicy, Snapshot } from '../snapshot/snapshot.ts'
import type { AccountIndex } from './account-index.ts'
import type { InputIssues } from './input-issues.ts'
import { inlineNamed, resolveInlineAdoption } from './resolve-inline-adoption.ts'

/**
 * The hand-made policies that the file adopts, by ARN or inline label and sorted. A name that is close to one that is there is taken
 * for a slip; any other is a policy that somebody has deleted since, which is what adopting leads to.
 */
export function resolveAdoptions(
  file: GrantsFile,
  snapshot: Snapshot,
  account: AccountIndex,
  issues: InputIssues,
): { readonly adopted: readonly string[]; readonly findings: readonly Finding[] } {
  const adopted = new Set<string>()
  const findings: Finding[] = []
  for (const [index, text] of file.adopt.entries()) {
    const path = file.adopt.length > 1 ? `adopt.${index}` : 'adopt'
    if (text.startsWith(inlineStart)) {
      const inline = resolveInlineAdoption(text, path, snapshot, account, issues)
      if (inline.label) adopted.add(inline.label)
      if (inline.finding) findings.push(inline.finding)
      continue
    }
    const name = arnName(text)
    const found = text.startsWith('arn:') ? account.policyByArn(text) : account.policy(name)
    if (!found) {
      const near = nearest(name, snapshot)
      const ofAws = text.startsWith('arn:') ? undefined : heldOfAws(name, snapshot)
      const [inline, ...more] = text.startsWith('arn:') ? [] : inlineNamed(name, snapshot)
      if (inline !== undefined) {
        issues.add(
          path,
          `There is no managed policy ${name} in account ${snapshot.account}.`,
          `An inline policy has that name${more.length === 0 ? '' : `, on ${more.length + 1} principals`}.`,
          `Say whose it is: ${inline}${more.length === 0 ? '' : ', and a line for each other'}.`,
        )
      } else if (ofAws) {
        // A policy made by hand may have such a name as well: the file alone does not tell.
        const { what, why, fix } = complainAboutAws(ofAws)
        issues.add(path, what, why, fix)
      } else if (near) {
        issues.add(
          path,
          `There is no policy ${text} in account ${snapshot.account}.`,
          `${near.arn} is there.`,
          `Did you mean ${near.name}? If ${name} was deleted, delete this line.`,
        )
      } else {
        const why = snapshot.assumed
          ? 'Offline no policies are known, so nothing is adopted.'
          : 'It is adopted already, or was never there; the line can go.'
        findings.push(finding('adopted-policy-gone', `There is no policy ${text} any more. ${why}`))
      }
      continue
    }
    if (found.path.startsWith('/mlflow-iam/')) {
      issues.add(
        path,
        `${found.name} is no hand-made policy.`,
        `Its path ${found.path} says that mlflow-iam made it for a grants file.`,
        'Plan with --prune under the name that owns it.',
      )
      continue
    }
    adopted.add(found.arn)
  }
  return { adopted: [...adopted].sort(), findings }
}

/** The ARN of the policy of that name that is AWS's own, where somebody has it. */
function heldOfAws(name: string, { users, groups, roles, permissionSets }: Snapshot): string | undefined {
  const held = [
    ...[...users, ...groups, ...roles].flatMap(({ attached }) => attached),
    ...permissionSets.flatMap(({ managedPolicies }) => managedPolicies),
  ]
  return held.find(
    (arn) => parseArn(arn)?.account === 'aws' && arnName(arn).toLowerCase() === name.toLowerCase(),
  )
}

/** The policy whose name a slip may have missed, or one of that very name under another path. */
function nearest(name: string, snapshot: Snapshot): ManagedPolicy | undefined {
  const own = snapshot.policies.filter(
    (policy) => policy.arn.split(':')[4] === snapshot.account && !policy.path.startsWith('/mlflow-iam/'),
  )
  const near = closestName(
    name,
    own.map((policy) => policy.name),
  )
  return own.find((policy) => policy.name.toLowerCase() === (near ?? name).toLowerCase())
}
