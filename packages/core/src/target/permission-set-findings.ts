import type { GrantsFile } from '../grants/grants-file.ts'
import { finding } from '../plan/findings.ts'
import type { Finding } from '../plan/plan.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { isInline } from './place-inline.ts'
import type { TargetPrincipal } from './target.ts'

/** Where a permission set's access reaches, and what its form asks of the other accounts. */
export function permissionSetFindings(
  file: GrantsFile,
  snapshot: Snapshot,
  principals: readonly TargetPrincipal[],
): readonly Finding[] {
  const sets = principals.filter(({ kind }) => kind === 'permission-set')
  const named = new Set(
    file.grants.flatMap(({ to }) => to.flatMap((ref) => (ref.kind === 'permission-set' ? [ref.name] : []))),
  )
  const idle = file.permissionSets.filter(({ name }) => !named.has(name))
  return [
    ...sets.flatMap((set) => reach(file, snapshot, set)),
    ...idle.map(({ name }) =>
      finding('permission-set-idle', `permission-sets names ${name}, to which no grant of the file goes.`),
    ),
  ]
}

function reach(file: GrantsFile, snapshot: Snapshot, set: TargetPrincipal): readonly Finding[] {
  const { name, people: accounts, arn: principal } = set
  const others = accounts.filter((account) => account !== snapshot.account)
  const inline = isInline(file, set)
  const form = inline
    ? 'its inline policy gives the same access in each'
    : 'the policies that it refers to must exist in each'
  return [
    ...(accounts.length > 1
      ? [
          finding(
            'several-accounts',
            `Permission set ${name} reaches ${accounts.length} accounts, and ${form}: ${accounts.join(', ')}.`,
            { principal },
          ),
        ]
      : []),
    ...(others.length > 0 && !inline
      ? [
          finding(
            'policy-needed-elsewhere',
            `Permission set ${name} refers to policies by name and path. Provisioning fails in ${others.join(', ')} until they exist there too: hand them out with the StackSets export, or say permission-sets: { ${name}: { policy: inline } }.`,
            { principal },
          ),
        ]
      : []),
  ]
}
