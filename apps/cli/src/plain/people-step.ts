import { stepTitle } from '../screens/index.ts'
import { count } from '../ui/text.ts'
import { activitiesQuestion } from '../wizard/activities.ts'
import type { Question } from '../wizard/ask.ts'
import { tickCandidates } from '../wizard/members.ts'
import { changed, loaded, type Model } from '../wizard/model.ts'
import { type Candidate, indexPeople, infoOf, type PeopleSource, peopleSources } from '../wizard/people.ts'
import { formOf, formQuestion } from '../wizard/permission-forms.ts'
import { searchNames } from '../wizard/search.ts'
import { splitQuestion } from '../wizard/split.ts'
import { readItems, readNumbers } from './answers.ts'
import type { Turn } from './first-steps.ts'
import type { PlainSession } from './plain-session.ts'

/** Words that ask before they change something. */
const questions: Readonly<
  Record<string, (model: Model, candidate: Candidate | undefined) => Question | string>
> = { split: splitQuestion, activities: activitiesQuestion, form: formQuestion }

/** Rows of a list at a time. */
const page = 20

/** Step 4: who gets access. */
export async function peopleStep(session: PlainSession): Promise<Turn> {
  await session.enter('people')
  const snapshot = loaded(session.model.snapshot)
  if (!snapshot) return 'back'
  let index = indexPeople(snapshot, session.model.edit)
  let source: PeopleSource = peopleSources[session.model.places.people?.tab ?? 0] ?? 'users'
  let shown: readonly Candidate[] = index.candidates[source]
  let from = 0
  const tell = () => {
    const until = Math.min(shown.length, from + page)
    const lines = shown
      .slice(from, until)
      .map(
        (each, at) =>
          `${from + at + 1}. ${candidateWords(each, session.model)}${isTicked(session, each) ? ', selected' : ''}`,
      )
    session.say(
      [
        `Source ${source}, ${shown.length === 0 ? 'nobody' : `${from + 1}-${until} of ${shown.length}`}.`,
        ...lines,
      ].join('\n'),
    )
  }
  session.say(stepTitle('people'))
  tell()
  /** What a change of the choices moved to a role of its own, or back, stands anew in the list. */
  const refresh = () => {
    index = indexPeople(snapshot, session.model.edit)
    shown = shown.map((each) => index.byRef.get(each.ref) ?? each)
  }
  const hint = `Numbers or ranges such as 1 3 5-9, a name, /text to filter, more, source and one of ${peopleSources.join(' ')}, all, none, show, undo, redo, done. One name after: split, a role of its own or shared again; activities, the three ML activities of a domain or role; form, how a permission set holds its grants.`
  for (;;) {
    const answer = await session.ask('People:', hint)
    const select = async (found: readonly Candidate[], on: boolean) => {
      const open = found.filter((each) => !each.blocked)
      for (const each of found) if (each.blocked) session.say(`${each.name}: ${each.blocked}`)
      await session.change(changed(session.model, tickCandidates(session.model.edit, open, on), `people`))
      const total = session.model.edit.members.reduce((sum, member) => sum + member.refs.length, 0)
      session.say(
        `${on ? 'Selected' : 'Taken off'}: ${open
          .slice(0, 5)
          .map((each) => each.name)
          .join(', ')}${open.length > 5 ? ` and ${open.length - 5} more` : ''}. ${total} selected in all.`,
      )
      for (const each of open.slice(0, 3)) {
        if (on && each.source === 'profiles' && each.others > 0) {
          session.say(
            `Access belongs to role ${infoOf(each.arn ?? '', snapshot, session.model.edit).name}: all ${each.others + 1} people who use it change with ${each.name}.`,
          )
        }
      }
    }
    const [verb = '', ...rest] = answer.split(/\s+/)
    const asked = questions[verb]
    if (answer === 'back') return 'back'
    if (answer === 'undo' || answer === 'redo') {
      await session.undo(answer)
      refresh()
    } else if (asked && rest.length > 0) {
      const found = readItems(rest.join(' '), index.candidates[source], (each) => [each.name, each.ref])
      if (typeof found === 'string' || found.length !== 1)
        session.say(typeof found === 'string' ? found : `${verb} takes one name.`)
      else await session.agree(asked(session.model, found[0]))
      refresh()
    } else if (answer === 'done' || answer === '') {
      if (session.model.edit.members.length > 0) return 'next'
      session.say('Select at least one person, group or role first.')
    } else if (answer === 'more') {
      from = from + page >= shown.length ? 0 : from + page
      tell()
    } else if (answer === 'show') {
      session.say(
        session.model.edit.members.flatMap((member) => member.refs).join('\n') || 'Nobody is selected.',
      )
    } else if (answer.startsWith('/')) {
      shown = searchNames(index.candidates[source], answer.slice(1))
      from = 0
      tell()
    } else if (answer.startsWith('source')) {
      const wanted = answer.slice('source'.length).trim()
      const next =
        peopleSources.find((each) => each === wanted || each.startsWith(wanted || '?')) ??
        peopleSources[(peopleSources.indexOf(source) + 1) % peopleSources.length]
      source = next ?? 'users'
      shown = index.candidates[source]
      from = 0
      tell()
    } else if (answer === 'all') await select(shown, true)
    else if (answer === 'none') await select(shown, false)
    else {
      const off = answer.startsWith('not ')
      const words = off ? answer.slice(4) : answer
      const byRef = words.split(/[\s,]+/).map((word) => index.byRef.get(word))
      const found = byRef.every((each) => each !== undefined)
        ? byRef.flatMap((each) => (each ? [each] : []))
        : readNumbers(words, shown.length)
          ? readItems(words, shown, (each) => [each.name])
          : readItems(words, index.candidates[source], (each) => [each.name, each.ref])
      if (typeof found === 'string') session.say(found)
      else await select(found, !off)
    }
  }
}

function isTicked(session: PlainSession, candidate: Candidate): boolean {
  return session.model.edit.members.some((member) => member.refs.includes(candidate.ref))
}

function candidateWords(candidate: Candidate, model: Model): string {
  switch (candidate.source) {
    case 'profiles':
      if (candidate.splitFrom !== undefined)
        return `${candidate.name}, gets role ${candidate.through} of its own`
      return `${candidate.name}, through role ${candidate.through}, ${candidate.others === 0 ? 'not shared' : `shared with ${count(candidate.others, 'other')}`}`
    case 'groups':
      return `${candidate.name}, ${count(candidate.others, 'member')}`
    case 'domains':
      return `${candidate.name}, default role ${candidate.through}, ${count(candidate.others, 'person', 'people')}`
    case 'permission-sets':
      return `${candidate.name}, ${candidate.through}, grants ${formOf(model.edit, candidate.name) === 'inline' ? 'inline' : 'by reference'}`
    default:
      return `${candidate.name}, ${candidate.through}`
  }
}
