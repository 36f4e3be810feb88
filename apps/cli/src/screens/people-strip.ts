import type { Area, Strip } from '../ui/frame.ts'
import { line } from '../ui/line.ts'
import { count, wrap } from '../ui/text.ts'
import { loaded, type Model } from '../wizard/model.ts'
import { type Candidate, infoOf, lastPart, type PrincipalInfo } from '../wizard/people.ts'
import { formOf } from '../wizard/permission-forms.ts'
import { sourceTitles } from './people-words.ts'
import { blank } from './rows.ts'

/** What ticking the highlighted row would mean: the longest wording that two lines hold. */
export function strip(model: Model, candidate: Candidate | undefined, area: Area): Strip {
  if (!candidate) return { title: 'Nobody highlighted', lines: [blank, blank] }
  const info = infoOf(candidate.arn ?? candidate.ref, loaded(model.snapshot), model.edit)
  const width = area.columns - 8
  const wordings = wordingsOf(model, candidate, info).map((words) => wrap(words, width))
  const [first = '', second = ''] = wordings.find((lines) => lines.length <= 2) ?? wordings.at(-1) ?? []
  const byRole = candidate.source === 'profiles' || candidate.source === 'domains'
  return {
    title: candidate.name,
    right: byRole ? `role ${info.name}` : sourceTitles[candidate.source][1],
    lines: [line(`   ${first}`), line(`   ${second}`)],
  }
}

/** From the most that there is to say to the least that has to be said. */
function wordingsOf(model: Model, candidate: Candidate, info: PrincipalInfo): readonly string[] {
  const { name, source } = candidate
  const { people } = info
  if (candidate.blocked) return [candidate.blocked]
  if (candidate.splitFrom !== undefined) {
    const own = `A role of its own, made after ${lastPart(candidate.splitFrom)}`
    return [
      `${own}. Its running apps keep the old role until they are restarted. s shares again`,
      `${own}. Running apps keep the old one until restarted. s shares again`,
      'A role of its own; running apps keep the old one until they are restarted. s shares again',
    ]
  }
  const named = `${people.slice(0, 2).join(', ')}${people.length > 2 ? ` and ${people.length - 2} more` : ''}`
  if (source === 'profiles' && candidate.others > 0) {
    const all = `! Access belongs to the role. Ticking ${name} changes all ${people.length} people who use ${info.name}`
    const short = `! Access belongs to the role: all ${people.length} people who use it change with ${name}.`
    const keys = ['s own role', 'o list them']
    return [
      `${all}: ${named}. ${keys.join('  ')}`,
      `${all}. ${keys.join('  ')}`,
      `${short} ${keys.join('  ')}`,
      `${short} s own role`,
    ]
  }
  if (source === 'domains') {
    const all = `! The default role of the domain: ticking it changes all ${people.length} people who use it`
    return [`${all}: ${named}. m three ML activities  o list them`, `${all}. m three ML activities  o list`]
  }
  if (source === 'permission-sets') {
    const form =
      formOf(model.edit, name) === 'inline'
        ? 'in its inline policy'
        : 'by reference to policies of each account'
    const reaches = people.length === 0 ? 'It reaches no account yet' : `! It reaches ${people.join(', ')}`
    return [
      `${reaches}. It holds grants ${form}. f changes that`,
      `! It reaches ${count(people.length, 'account')}; o ${people.length === 1 ? 'names it' : 'lists them'}. It holds grants ${form}. f changes that`,
    ]
  }
  return [`${candidate.arn ?? candidate.ref}`]
}
