import type { Edit, Member } from './edit.ts'
import type { Candidate } from './people.ts'

/**
 * Ticks or unticks candidates. Profiles that share a role become one member with several references: they cannot
 * differ. Cells of someone unticked are kept, so that ticking again brings their access back.
 */
export function tickCandidates(edit: Edit, candidates: readonly Candidate[], on: boolean | 'invert'): Edit {
  const members = new Map(edit.members.map((member) => [member.arn, [...member.refs]]))
  let touched = false
  for (const { arn, ref } of candidates) {
    if (arn === undefined) continue
    const refs = members.get(arn) ?? []
    const has = refs.includes(ref)
    const want = on === 'invert' ? !has : on
    if (want === has) continue
    touched = true
    const next = want ? [...refs, ref].sort() : refs.filter((other) => other !== ref)
    if (next.length === 0) members.delete(arn)
    else members.set(arn, next)
  }
  if (!touched) return edit
  return { ...edit, members: [...members].map(([arn, refs]): Member => ({ arn, refs })) }
}
