import { count } from '../ui/text.ts'
import type { Question } from './ask.ts'
import { personasOf } from './cells.ts'
import { type Cell, cellsAt, type Edit, emptyCell, isEnded } from './edit.ts'
import { tickCandidates } from './members.ts'
import { loaded, type Model } from './model.ts'
import { type Candidate, infoOf } from './people.ts'

/** What the AWS guide has a domain's execution role hold: its three ML activities. */
const activities = ['use-mlflow', 'manage-mlflow-tracking-servers', 'access-aws-services-for-mlflow']

/** Asks whether an execution role is to hold the three ML activities of the AWS guide on every chosen tracking server. */
export function activitiesQuestion(model: Model, candidate: Candidate | undefined): Question | string {
  const { edit } = model
  if (!candidate?.arn) return candidate?.blocked ?? 'Nobody is highlighted.'
  if (!['domains', 'profiles', 'roles'].includes(candidate.source) || candidate.blocked)
    return 'ML activities belong to execution roles: choose a domain, a profile or a role.'
  const servers = edit.servers.filter((server) => server.kind !== 'app')
  if (servers.length === 0) return 'Choose tracking servers first: the activities are given on those.'
  const given = giveActivities(edit, candidate, model.day)
  const info = infoOf(candidate.arn, loaded(model.snapshot), edit)
  const keys = servers.map((server) => server.key)
  const apps = edit.servers.filter((server) => server.kind === 'app').map((server) => server.key)
  if (given === edit) return `${info.name} has the three ML activities on ${keys.join(', ')} already.`
  const personas = personasOf(edit)
  const people = count(info.people.length, 'person', 'people')
  return {
    title: `Give ${candidate.name} the three ML activities?`,
    lines: [
      `As in the AWS guide, on ${keys.join(', ')}, role ${info.name} gets:`,
      ...activities.map((name) => `  + ${name}: ${personas.get(name)?.purpose ?? ''}`),
      ...(info.people.length > 1
        ? [`! Access belongs to the role: this changes all ${people} who use it.`, info.people.join(', ')]
        : []),
      ...(apps.length > 0
        ? [`Nothing on ${apps.join(', ')}: any grant on an App is full access; Access asks for each person.`]
        : []),
    ],
    yes: 'give all three',
    from: edit,
    edit: given,
    what: `the three ML activities for ${candidate.name}`,
    said: `${candidate.name}: three ML activities on ${count(keys.length, 'server')}, ${people}.`,
  }
}

/** Ticks the candidate, and adds the activities to what its role has on each server. */
function giveActivities(edit: Edit, candidate: Candidate, day: string): Edit {
  const { arn } = candidate
  if (arn === undefined) return edit
  const personas = personasOf(edit)
  const row: Record<string, readonly Cell[]> = { ...edit.cells[arn] }
  let touched = false
  for (const { key, kind } of edit.servers) {
    // Whatever is granted on an App is full access to it.
    if (kind === 'app') continue
    const cells = cellsAt(edit, arn, key).filter((cell) => !isEnded(cell, day))
    const has = new Set(cells.filter((cell) => !cell.when && !cell.until).flatMap((cell) => cell.personas))
    if (activities.every((name) => has.has(name))) continue
    touched = true
    // A grant with conditions stays as it is: the activities hold without them.
    const open = cells.find((cell) => !cell.when && !cell.until && cell.policyName === undefined) ?? emptyCell
    const names = [...new Set([...open.personas, ...activities])].sort()
    const actions = new Set(names.flatMap((name) => personas.get(name)?.actions ?? []))
    const add = open.add.filter((action) => !actions.has(action))
    row[key] = [...cells.filter((cell) => cell !== open), { ...open, personas: names, add }]
  }
  const ticked = tickCandidates(edit, [candidate], true)
  return touched ? { ...ticked, cells: { ...edit.cells, [arn]: row } } : ticked
}
