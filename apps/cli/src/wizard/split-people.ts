import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { splitRoleName } from '@mlflow-iam/core/target/split-roles'
import { count } from '../ui/text.ts'
import type { Edit } from './edit.ts'
import type { Candidate, PeopleIndex, PrincipalInfo } from './people.ts'

/** The part of the choices that decides who shares a role with whom. */
export type Splits = Pick<Edit, 'name' | 'split'>

let last: { readonly key: readonly unknown[]; readonly index: PeopleIndex } | undefined

/** The people of an account as they will be once each split profile has a role of its own. */
export function splitPeople(base: PeopleIndex, snapshot: Snapshot, { name, split }: Splits): PeopleIndex {
  const key = [base, split, name]
  if (last && key.every((each, at) => each === last?.key[at])) return last.index
  const index = makeSplit(base, snapshot, { name, split })
  last = { key, index }
  return index
}

/** ARN of the role that a profile of the file's `split` gets, made after the role that it shares. */
export function splitRoleArn(
  { roles }: Snapshot,
  { name, split }: Splits,
  profile: string,
  shared: string,
): string {
  const wanted = split.find((each) => each.profile === profile)?.role ?? splitRoleName(name, profile)
  const there = roles.find((role) => role.name.toLowerCase() === wanted.toLowerCase())
  return there?.arn ?? `${shared.slice(0, shared.lastIndexOf('/') + 1)}${wanted}`
}

function makeSplit(base: PeopleIndex, snapshot: Snapshot, splits: Splits): PeopleIndex {
  const own = new Map<string, Candidate>()
  const left = new Map<string, Set<string>>()
  for (const { profile } of splits.split) {
    const candidate = base.byRef.get(profile)
    if (!candidate?.arn) continue
    const arn = splitRoleArn(snapshot, splits, profile, candidate.arn)
    // One that was applied before acts through its own role already.
    if (candidate.arn === arn) continue
    const through = arn.slice(arn.lastIndexOf('/') + 1)
    own.set(profile, { ...candidate, arn, through, others: 0, splitFrom: candidate.arn })
    left.set(candidate.arn, (left.get(candidate.arn) ?? new Set()).add(candidate.name))
  }
  if (own.size === 0) return base
  const moved = (candidate: Candidate): Candidate => {
    const gone = left.get(candidate.arn ?? '')?.size ?? 0
    const others = candidate.others - gone
    const through = candidate.source === 'roles' ? count(others, 'profile') : candidate.through
    return own.get(candidate.ref) ?? (gone > 0 ? { ...candidate, others, through } : candidate)
  }
  const { candidates } = base
  const shown = {
    ...candidates,
    profiles: candidates.profiles.map(moved),
    domains: candidates.domains.map(moved),
    roles: candidates.roles.map(moved),
  }
  const principals = new Map(base.principals)
  for (const [arn, names] of left) {
    const info = base.principals.get(arn)
    if (info) principals.set(arn, { ...info, people: info.people.filter((name) => !names.has(name)) })
  }
  for (const { arn = '', through, name, splitFrom } of own.values()) {
    const there = base.principals.get(arn)
    const attached = base.principals.get(splitFrom ?? '')?.attached ?? []
    const made: PrincipalInfo = { arn, kind: 'role', name: through, people: [name], attached }
    const info = there ? { ...there, people: [name] } : made
    principals.set(arn, splitFrom === undefined ? info : { ...info, splitFrom })
  }
  const byRef = new Map(base.byRef)
  for (const list of [shown.profiles, shown.domains, shown.roles])
    for (const candidate of list) byRef.set(candidate.ref, candidate)
  return { candidates: shown, byRef, principals }
}
