import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { count } from '../ui/text.ts'
import type { Question } from './ask.ts'
import { type Edit, isEnded, type Member } from './edit.ts'
import { loaded, type Model } from './model.ts'
import { type Candidate, indexPeople, infoOf, lastPart } from './people.ts'
import { splitRoleArn } from './split-people.ts'

/** Asks whether a profile is to get a role of its own, or to share one again. */
export function splitQuestion(model: Model, candidate: Candidate | undefined): Question | string {
  const snapshot = loaded(model.snapshot)
  if (!snapshot || candidate?.source !== 'profiles' || candidate.arn === undefined)
    return candidate?.blocked ?? 'Only SageMaker profiles are split: they share execution roles.'
  const { edit } = model
  if (edit.split.some((each) => each.profile === candidate.ref)) return shareAgain(edit, snapshot, candidate)
  if (candidate.others === 0)
    return `${candidate.name} has role ${lastPart(candidate.arn)} to itself already.`
  return ownRole(model, snapshot, candidate, candidate.arn)
}

function ownRole(model: Model, snapshot: Snapshot, candidate: Candidate, shared: string): Question {
  const { edit, day } = model
  const { ref, name } = candidate
  const split = [...edit.split, { profile: ref }].sort((a, b) => (a.profile < b.profile ? -1 : 1))
  const own = splitRoleArn(snapshot, { name: edit.name, split }, ref, shared)
  const info = infoOf(shared, snapshot, edit)
  const others = info.people.filter((person) => person !== name)
  const given = edit.members.some((member) => member.arn === shared) ? (edit.cells[shared] ?? {}) : {}
  const kept = Object.entries(given)
    .map(([server, cells]) => [server, cells.filter((cell) => !isEnded(cell, day))] as const)
    .filter(([, cells]) => cells.length > 0)
  const members = moved(edit.members, ref, shared, own)
  return {
    title: `Give ${name} a role of its own?`,
    lines: [
      `Now ${name} acts through ${info.name}, with ${count(others.length, 'other')}. Applying will:`,
      `  + create role ${lastPart(own)}, trusting whom ${info.name} trusts`,
      ...copyLines(snapshot, shared, `/mlflow-iam/${edit.name}/`),
      `  ~ have profile ${name} act through it (UpdateUserProfile)`,
      kept.length > 0
        ? `It keeps the grants of ${info.name}, in a row of its own; nothing changes for the ${count(others.length, 'other')}.`
        : `Its grants are its own then; nothing changes for the ${count(others.length, 'other')}.`,
      `! Apps and spaces of ${name} that run now keep ${info.name} until they are restarted.`,
    ],
    yes: 'give it its own role',
    from: edit,
    edit: { ...edit, split, members, cells: { ...edit.cells, [own]: Object.fromEntries(kept) } },
    what: `a role of its own for ${name}`,
    said: `${name} gets a role of its own; the ${count(others.length, 'other')} share on.`,
  }
}

/** What the new role gets from the old one: attachments from elsewhere, and inline policies as managed ones. */
function copyLines(snapshot: Snapshot, shared: string, ours: string): readonly string[] {
  const role = snapshot.roles.find((each) => each.arn === shared)
  if (!role) return []
  const attached = role.attached.filter((arn) => !arn.includes(`:policy${ours}`)).map(lastPart)
  const inline = role.inline.map((policy) => policy.name)
  return [
    ...(attached.length > 0 ? [`  + attach to it what ${role.name} has: ${attached.join(', ')}`] : []),
    ...(inline.length > 0
      ? [
          `  + create and attach ${count(inline.length, 'policy', 'policies')} that say what inline ${inline.join(', ')} says`,
        ]
      : []),
    ...(role.boundary ? [`  + keep the permissions boundary ${lastPart(role.boundary)}`] : []),
  ]
}

function shareAgain(edit: Edit, snapshot: Snapshot, candidate: Candidate): Question {
  const { ref, name, arn: own = '' } = candidate
  const split = edit.split.filter((each) => each.profile !== ref)
  const back = indexPeople(snapshot, { name: edit.name, split }).byRef.get(ref)?.arn ?? own
  const applied = back === own
  const there = edit.members.some((member) => member.arn === back)
  const cells = there || applied ? edit.cells : { ...edit.cells, [back]: edit.cells[own] ?? {} }
  const ticked = edit.members.some((member) => member.refs.includes(ref))
  const shared = lastPart(back)
  const lines = applied
    ? [
        `${name} acts through ${lastPart(own)} already, and goes on doing so: the file only stops keeping that role as it is.`,
        'No role is deleted, and its grants stay.',
      ]
    : [
        `No role is made: ${name} goes on acting through ${shared}, with everyone else who uses it.`,
        ...(there ? [`! It has what the row of ${shared} says again; its own choices are dropped.`] : []),
      ]
  return {
    title: applied ? `Leave the role of ${name} out of the file?` : `Let ${name} share ${shared} again?`,
    lines,
    yes: applied ? 'leave it out' : 'share again',
    from: edit,
    edit: { ...edit, split, members: ticked ? moved(edit.members, ref, own, back) : edit.members, cells },
    what: `no role of its own for ${name}`,
    said: applied ? `The file no longer splits ${name}.` : `${name} shares ${shared} again.`,
  }
}

/** The same members, with one reference under another principal; it is ticked by that if it was not. */
function moved(members: readonly Member[], ref: string, from: string, to: string): readonly Member[] {
  if (from === to) return members
  const rest = members
    .map((member) =>
      member.arn === from ? { ...member, refs: member.refs.filter((each) => each !== ref) } : member,
    )
    .filter((member) => member.refs.length > 0 && member.arn !== to)
  const refs = members.find((member) => member.arn === to)?.refs ?? []
  return [...rest, { arn: to, refs: [...new Set([...refs, ref])].sort() }]
}
