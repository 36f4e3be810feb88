import { readDocument } from '../plan/read-document.ts'
import { Problem } from '../problem.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { markOf, sidPrefix } from '../target/inline-statements.ts'

/**
 * The name of the grants file that the account's policies of ours are of; where there are none, that of roles of ours;
 * `mlflow` where there is nothing. Throws a Problem where it may be one of several.
 */
export function ownedName(snapshot: Snapshot): string {
  const names = namesIn(snapshot)
  if (names.length <= 1) return names[0] ?? 'mlflow'
  throw new Problem(
    'WHICH_NAME',
    `The account has policies of ${names.length} grants files: ${names.join(', ')}.`,
    {
      why: 'A grants file describes the access of one name, and leaves the others alone.',
      fix: [`mlflow-iam init --name ${names[0]}`],
      exit: 4,
    },
  )
}

/**
 * A sentence for each permission set with statements of other grants files. They are marked by a hash of the file's
 * name, which a name can be held against, and which gives none away.
 */
export function otherFiles(snapshot: Snapshot, name: string): readonly string[] {
  const own = sidPrefix(name)
  const known = new Map(namesIn(snapshot).map((one) => [sidPrefix(one), one]))
  return snapshot.permissionSets.flatMap(({ name: set, inlinePolicy = '' }) =>
    marksIn(inlinePolicy)
      .filter((mark) => mark !== own)
      .map((mark) => {
        const other = known.get(mark)
        const whose = other
          ? `the grants file ${other}`
          : `a grants file whose name is not known here (Sids ${mark}…): if it is yours, say init --name NAME`
        return `permission-set/${set} has statements in its inline policy that are of ${whose}.`
      }),
  )
}

/** Names that stand in the account, sorted: policies have them in their path, and roles in a tag. */
function namesIn({ policies, roles }: Snapshot): readonly string[] {
  const paths = policies.flatMap(({ path }) => /^\/mlflow-iam\/([a-z0-9-]{1,32})\/$/u.exec(path)?.[1] ?? [])
  const tags = roles.flatMap((role) =>
    role.tags.flatMap(({ Key, Value }) =>
      Key === 'mlflow-iam:grants' && /^[a-z0-9-]{1,32}$/u.test(Value) ? [Value] : [],
    ),
  )
  return [...new Set(paths.length > 0 ? paths : tags)].sort()
}

function marksIn(inlinePolicy: string): readonly string[] {
  const statements = [readDocument(inlinePolicy)?.Statement ?? []].flat()
  return [...new Set(statements.flatMap(({ Sid }) => markOf(Sid) ?? []))].sort()
}
