import { permissionSetOf } from '../evaluate/permission-set-of.ts'
import type { PrincipalRef } from '../grants/grants-file.ts'
import { arnName, iamArn, parseArn } from '../policy/arn.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { isCarriedPolicy } from '../target/split-marks.ts'

export interface OwnHolder {
  readonly ref: PrincipalRef
  readonly arn: string
  /** ARNs of the policies of this file that it holds. */
  readonly owned: readonly string[]
}

/** Everybody who holds policies of this file; Identity Center's roles stand as their permission set. */
export function ownHolders(snapshot: Snapshot, prefix: string): readonly OwnHolder[] {
  const principals = [...snapshot.users, ...snapshot.groups, ...snapshot.roles]
    .filter((item) => !item.name.startsWith('AWSReservedSSO_'))
    .map((item) => ({
      ref: refOf(item.arn),
      arn: item.arn,
      // What a split carried over is no grant: it comes along with `split`.
      owned: item.attached.filter((arn) => arn.startsWith(prefix) && !isCarriedPolicy(arn)),
    }))
  const sets = snapshot.permissionSets.map(
    (set): OwnHolder => ({
      ref: { kind: 'permission-set', name: set.name, text: `permission-set/${set.name}` },
      arn: set.arn,
      owned: set.customerManaged
        .map((policy) => iamArn(snapshot, 'policy', policy.path, policy.name))
        .filter((arn) => arn.startsWith(prefix)),
    }),
  )
  return [...principals, ...sets].filter(({ owned }) => owned.length > 0)
}

/** How a grants file names a principal. */
export function refOf(arn: string): PrincipalRef {
  const resource = parseArn(arn)?.resource ?? ''
  const name = arnName(arn)
  const set = permissionSetOf(name)
  if (set !== undefined) return { kind: 'permission-set', name: set, text: `permission-set/${set}` }
  const kind = resource.startsWith('user/') ? 'user' : resource.startsWith('group/') ? 'group' : 'role'
  return { kind, name, text: `${kind}/${name}` }
}
