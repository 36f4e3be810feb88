import type { Area } from '../ui/frame.ts'
import { line } from '../ui/line.ts'
import { count, wrap } from '../ui/text.ts'
import { loaded, type Model } from '../wizard/model.ts'
import { type Candidate, infoOf, lastPart, type PeopleSource } from '../wizard/people.ts'
import { blank } from './rows.ts'

export const sourceTitles: Readonly<Record<PeopleSource, readonly [title: string, one: string]>> = {
  users: ['Users', 'user'],
  groups: ['Groups', 'group'],
  roles: ['Roles', 'role'],
  profiles: ['Profiles', 'profile'],
  'permission-sets': ['Permission sets', 'permission set'],
}

export const unknownParts: Readonly<Record<PeopleSource, readonly string[]>> = {
  users: ['users'],
  groups: ['groups'],
  roles: ['roles'],
  profiles: ['profiles', 'domains'],
  'permission-sets': ['permission-sets'],
}

export function columnHeads(current: PeopleSource, area: Area): string {
  const names: Readonly<Record<PeopleSource, string>> = {
    users: 'User',
    groups: 'Group',
    roles: 'Role',
    profiles: 'SageMaker profile',
    'permission-sets': 'Permission set',
  }
  const wide = area.layout === 'wide'
  const through = current === 'profiles' ? 'Acts through role' : current === 'groups' ? 'Members' : 'Through'
  const shared = current === 'groups' ? 'Size' : current === 'permission-sets' ? 'Accounts' : 'Shared with'
  return `    ${names[current].padEnd(wide ? 32 : 20)}${through.padEnd(wide ? 32 : 20)}${shared.padEnd(15)}MLflow today`
}

export function sharedWords(candidate: Candidate): string {
  if (candidate.source === 'groups') return count(candidate.others, 'member')
  if (candidate.source === 'permission-sets') return count(candidate.others, 'account')
  if (candidate.source === 'roles')
    return candidate.others > 0 ? count(candidate.others, 'person', 'people') : 'nobody'
  if (candidate.source === 'users') return 'nobody'
  return candidate.others === 0 ? 'nobody' : count(candidate.others, 'other')
}

export function todayWords(model: Model, arn: string | undefined): string {
  const today = loaded(model.today)
  if (!today || !arn) return ''
  const actions = new Set([...(today.get(arn)?.values() ?? [])].flatMap((each) => each.allowed))
  return actions.size === 0 ? 'none' : count(actions.size, 'action')
}

export function tickedSummary(model: Model): string {
  const counts = new Map<string, number>()
  for (const ref of model.edit.members.flatMap((member) => member.refs)) {
    const kind = ref.startsWith('arn:') ? 'ARN' : (ref.split('/')[0] ?? '')
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  if (counts.size === 0) return 'nobody'
  return [...counts].map(([kind, amount]) => count(amount, kind.replace('-', ' '))).join(', ')
}

/** Everyone who acts through the principal of the highlighted row. */
export function sharerLines(model: Model, candidate: Candidate | undefined): readonly string[] {
  if (!candidate?.arn) return []
  const info = infoOf(candidate.arn, loaded(model.snapshot))
  if (info.people.length === 0) return [candidate.arn, '']
  const words =
    info.kind === 'group' ? 'members' : info.kind === 'permission-set' ? 'accounts' : 'people act through it'
  return [candidate.arn, `${info.people.length} ${words}:`, ...info.people.map((name) => `  ${name}`), '']
}

export function tickedLines(model: Model): readonly string[] {
  const ticked = model.edit.members.flatMap((member) =>
    member.refs.map((ref) =>
      ref.startsWith('profile/') ? `${ref}  through role ${lastPart(member.arn)}` : ref,
    ),
  )
  return [
    ticked.length === 0 ? 'Nobody is ticked.' : `Ticked, ${ticked.length}:`,
    ...ticked.map((each) => `  ${each}`),
  ]
}

export function strip(model: Model, candidate: Candidate | undefined, area: Area) {
  if (!candidate) return { title: 'Nobody highlighted', lines: [blank, blank] }
  const info = infoOf(candidate.arn ?? candidate.ref, loaded(model.snapshot))
  const width = area.columns - 8
  const shared = candidate.source === 'profiles' && candidate.others > 0
  const words = candidate.blocked
    ? candidate.blocked
    : shared
      ? `! Access belongs to the role. Ticking ${candidate.name} changes all ${info.people.length} people who use ${info.name}: ${info.people.slice(0, 2).join(', ')}${info.people.length > 2 ? ` and ${info.people.length - 2} more` : ''}. o list them`
      : candidate.source === 'permission-sets'
        ? `! A permission set is shared by every account it is assigned to: ${info.people.join(', ') || 'none yet'}.`
        : `${candidate.arn ?? candidate.ref}`
  const short = `! Access belongs to the role: all ${info.people.length} people who use it change with ${candidate.name}. o list them`
  const full = wrap(words, width)
  const [first = '', second = ''] = full.length > 2 && shared ? wrap(short, width) : full
  const lines = [line(`   ${first}`), line(`   ${second}`)]
  return {
    title: candidate.name,
    ...(candidate.source === 'profiles'
      ? { right: `role ${info.name}` }
      : { right: sourceTitles[candidate.source][1] }),
    lines,
  }
}
