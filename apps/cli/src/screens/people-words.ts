import type { Area } from '../ui/frame.ts'
import { type Line, line, lineWidth, span } from '../ui/line.ts'
import { count } from '../ui/text.ts'
import { loaded, type Model } from '../wizard/model.ts'
import { type Candidate, infoOf, lastPart, type PeopleSource, peopleSources } from '../wizard/people.ts'
import { formOf } from '../wizard/permission-forms.ts'

export const sourceTitles: Readonly<Record<PeopleSource, readonly [title: string, one: string]>> = {
  users: ['Users', 'user'],
  groups: ['Groups', 'group'],
  roles: ['Roles', 'role'],
  profiles: ['Profiles', 'profile'],
  'permission-sets': ['Permission sets', 'permission set'],
  domains: ['Domains', 'domain'],
}

export const unknownParts: Readonly<Record<PeopleSource, readonly string[]>> = {
  users: ['users'],
  groups: ['groups'],
  roles: ['roles'],
  profiles: ['profiles', 'domains'],
  'permission-sets': ['permission-sets'],
  domains: ['domains'],
}

/** The sources with their sizes, as wide as there is room: apart, close together, in short words, from a later one on. */
export function sourceTabs(
  totals: Readonly<Record<PeopleSource, number>>,
  current: PeopleSource,
  width: number,
): Line {
  const draw = (sources: readonly PeopleSource[], gap: string, short: boolean) =>
    line(
      '  ',
      ...sources.flatMap((each) => {
        const title = short && each === 'permission-sets' ? 'Sets' : sourceTitles[each][0]
        const label = `${title} ${totals[each]}`
        return [each === current ? span(`[${label}]`, 'accent') : span(` ${label} `), gap]
      }),
    )
  const whole = [draw(peopleSources, ' ', false), draw(peopleSources, '', false)]
  const fitting = whole.find((each) => lineWidth(each) <= width)
  if (fitting) return fitting
  const at = peopleSources.indexOf(current) + 1
  const starts = peopleSources.map((_, start) => start)
  const start = starts.find((each) => lineWidth(draw(peopleSources.slice(each, at), '', true)) < width) ?? 0
  return draw(peopleSources.slice(start), '', true)
}

export function columnHeads(current: PeopleSource, area: Area): string {
  const names: Readonly<Record<PeopleSource, string>> = {
    users: 'User',
    groups: 'Group',
    roles: 'Role',
    profiles: 'SageMaker profile',
    'permission-sets': 'Permission set',
    domains: 'Domain',
  }
  const wide = area.layout === 'wide'
  const throughs: Readonly<Partial<Record<PeopleSource, string>>> = {
    profiles: 'Acts through role',
    domains: 'Default role',
    groups: 'Members',
    'permission-sets': 'Holds its grants',
  }
  const through = throughs[current] ?? 'Through'
  const shared = current === 'groups' ? 'Size' : current === 'permission-sets' ? 'Accounts' : 'Shared with'
  return `    ${names[current].padEnd(wide ? 32 : 20)}${through.padEnd(wide ? 32 : 20)}${shared.padEnd(15)}MLflow today`
}

/** The way that a row acts through, or the form that a permission set holds its grants in. */
export function throughWords(model: Model, candidate: Candidate): string {
  if (candidate.source === 'permission-sets')
    return formOf(model.edit, candidate.name) === 'inline' ? 'inline' : 'by reference'
  return candidate.splitFrom === undefined ? candidate.through : `${candidate.through}, new`
}

export function sharedWords(candidate: Candidate): string {
  if (candidate.source === 'groups') return count(candidate.others, 'member')
  if (candidate.source === 'permission-sets') return count(candidate.others, 'account')
  if (candidate.source === 'roles' || candidate.source === 'domains')
    return candidate.others > 0 ? count(candidate.others, 'person', 'people') : 'nobody'
  if (candidate.source === 'users') return 'nobody'
  return candidate.others === 0 ? 'nobody' : count(candidate.others, 'other')
}

export function todayWords(model: Model, candidate: Candidate): string {
  const arn = candidate.splitFrom ?? candidate.arn
  const today = loaded(model.today)
  if (!today || !arn) return ''
  const rows = [...(today.get(arn)?.values() ?? [])].filter((each) => each.allowed.length > 0)
  // The one action of an App is none of those of tracking servers, of which `show` counts the same.
  const apps = rows.filter((each) => each.server.includes(':mlflow-app/'))
  const actions = new Set(rows.filter((each) => !apps.includes(each)).flatMap((each) => each.allowed))
  const parts = [
    ...(actions.size > 0 ? [count(actions.size, 'action')] : []),
    ...(apps.length > 0 ? [count(apps.length, 'App')] : []),
  ]
  return parts.length === 0 ? 'none' : parts.join(', ')
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
  const info = infoOf(candidate.arn, loaded(model.snapshot), model.edit)
  if (info.people.length === 0) return [candidate.arn, '']
  const words =
    info.kind === 'group'
      ? count(info.people.length, 'member')
      : info.kind === 'permission-set'
        ? count(info.people.length, 'account')
        : count(info.people.length, 'person acts through it', 'people act through it')
  return [candidate.arn, `${words}:`, ...info.people.map((name) => `  ${name}`), '']
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
