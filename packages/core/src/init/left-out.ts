import { inlineNameOfSets, permissionSetOf } from '../evaluate/permission-set-of.ts'
import type { PolicyDocument } from '../policy/document.ts'
import type { ManagedPolicy, Snapshot } from '../snapshot/snapshot.ts'
import { ownStatements } from '../target/inline-statements.ts'
import { scopesOf } from './draft-servers.ts'
import { refOf } from './own-holders.ts'
import type { InlineSet } from './read-inline-sets.ts'
import type { MergedPolicies } from './read-merged.ts'
import type { HeldPolicy } from './try-grants.ts'

/** A sentence for each policy that no grant says, with whoever has it. */
export function leftOut({ policy, holders, word, document }: HeldPolicy): string {
  const who = holders.map(({ text }) => text).sort()
  const one = who.length === 1
  return `${policy.name} is ours, but says what no single grant says: ${who.join(', ')}, who ${one ? 'has' : 'have'} it, ${one ? 'is' : 'are'} left out.${word === 'sagemaker' ? '' : elsewhereHint(document)}`
}

/** A policy that is understood, and stands in no grant because of what else its holders have. */
export function withItsHolders({ policy, holders }: HeldPolicy): string {
  const who = holders.map(({ text }) => text).sort()
  return `${policy.name} is ours, and left out with ${who.join(', ')}.`
}

/** A sentence for the merged policies of one principal. */
export function mergedLeftOut(
  { holder, policies }: MergedPolicies,
  why: 'not-found' | 'placed-otherwise',
  snapshot: Snapshot,
): string {
  const names = policies.map(({ name }) => name).sort()
  const several = names.length > 1
  const who = holder.ref.text
  const held = [...snapshot.users, ...snapshot.groups, ...snapshot.roles].find(
    ({ arn }) => arn === holder.arn,
  )
  const now = held ? ` It has ${held.attached.length} policies attached today.` : ''
  const reason =
    why === 'placed-otherwise'
      ? `The grants behind ${several ? 'them' : 'it'} are known, but a plan would place them otherwise today, as where ${who} has more or less room for policies than when they were merged.${now}`
      : `${several ? 'They hold' : 'It holds'} several grants folded into one, and no grants were found that its name is the hash of. Write the grants of ${who} by hand, then plan: what they allow is compared.`
  return `${names.join(', ')} ${several ? 'are' : 'is'} ours and merged: ${who} is left out. ${reason}`
}

/** A sentence for our statements in the inline policy of a permission set; `mixed` where it refers to policies of ours, too. */
export function setLeftOut({ name, statements }: InlineSet, mixed: boolean): string {
  const why = mixed ? 'and it refers to policies of ours, too' : 'and say what no grants were found to say'
  return `Our statements stand in the inline policy of permission-set/${name}, ${why}: it is left out.${elsewhereHint({ Statement: statements })}`
}

/** What only a person can say: a server of another account decides by what its role allows there. */
function elsewhereHint(document: PolicyDocument | undefined): string {
  const ways = [document?.Statement ?? []].flat().flatMap(scopesOf)
  const said = ways.flatMap(({ resource, via }) => (via ? [`{ arn: ${resource}, via: ${via} }`] : []))
  if (said.length === 0) return ''
  return ` It goes through another account, where alone stands what for. Write the grants by hand, with personas or actions as they were, on ${[...new Set(said)].sort().join(', ')}.`
}

/** A policy that nobody has, or only through a permission set that could not be read. */
export function unheld({ arn, name }: ManagedPolicy, snapshot: Snapshot): string {
  const roles = snapshot.roles.filter(({ attached }) => attached.includes(arn))
  if (roles.length === 0) return `${name} is ours, and nobody has it.`
  const sets = roles.map((role) => refOf(role.arn).text).sort()
  return `${name} is ours, held through ${sets.join(', ')}, which could not be read.`
}

/** Roles of permission sets with our statements, where the sets themselves could not be read. */
export function unreadSets(snapshot: Snapshot, fileName: string): readonly string[] {
  const read = new Set(snapshot.permissionSets.map(({ name }) => name))
  const sets = snapshot.roles.flatMap(({ name, inline }) => {
    const set = permissionSetOf(name)
    const text = inline.find((policy) => policy.name === inlineNameOfSets)?.document ?? ''
    return set !== undefined && !read.has(set) && ownStatements(text, fileName).length > 0 ? [set] : []
  })
  return [...new Set(sets)]
    .sort()
    .map(
      (set) => `Our statements stand in the inline policy of permission-set/${set}, which could not be read.`,
    )
}
