import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Edit } from './edit.ts'
import { principalOf } from './people.ts'

/** Members of an opened file are known by reference until the account says which principals those are. */
export function resolveMembers(edit: Edit, snapshot: Snapshot): Edit {
  const renamed = new Map<string, string>()
  for (const member of edit.members) {
    if (member.arn.startsWith('arn:')) continue
    const arn = member.refs.map((ref) => principalOf(ref, snapshot, edit)).find((each) => each !== undefined)
    if (arn) renamed.set(member.arn, arn)
  }
  if (renamed.size === 0) return edit
  const members = new Map<string, string[]>()
  for (const member of edit.members) {
    const arn = renamed.get(member.arn) ?? member.arn
    members.set(arn, [...new Set([...(members.get(arn) ?? []), ...member.refs])].sort())
  }
  const cells: Record<string, Edit['cells'][string]> = {}
  for (const [old, row] of Object.entries(edit.cells)) {
    const arn = renamed.get(old) ?? old
    const there = { ...cells[arn] }
    for (const [server, list] of Object.entries(row)) {
      const both = [...(there[server] ?? []), ...list]
      there[server] = both.filter(
        (cell, index) => both.findIndex((each) => JSON.stringify(each) === JSON.stringify(cell)) === index,
      )
    }
    cells[arn] = there
  }
  return { ...edit, members: [...members].map(([arn, refs]) => ({ arn, refs })), cells }
}
