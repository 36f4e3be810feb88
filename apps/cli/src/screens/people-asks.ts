import type { KeyHint } from '../ui/frame.ts'
import { activitiesQuestion } from '../wizard/activities.ts'
import { asking } from '../wizard/ask.ts'
import type { Key } from '../wizard/keys.ts'
import type { Model } from '../wizard/model.ts'
import type { Candidate } from '../wizard/people.ts'
import { formQuestion } from '../wizard/permission-forms.ts'
import { splitQuestion } from '../wizard/split.ts'

/** A key that means something for the highlighted row only. */
export function rowKeys(candidate: Candidate | undefined): readonly KeyHint[] {
  if (!candidate || candidate.blocked) return []
  if (candidate.source === 'domains') return [{ keys: 'm', does: 'ML activities' }]
  if (candidate.source === 'permission-sets') return [{ keys: 'f', does: 'form' }]
  if (candidate.splitFrom !== undefined) return [{ keys: 's', does: 'share again' }]
  return candidate.source === 'profiles' && candidate.others > 0 ? [{ keys: 's', does: 'own role' }] : []
}

/** The keys that ask before they change something. */
export function peopleAsk(model: Model, key: Key, candidate: Candidate | undefined): Model | undefined {
  const question = { m: activitiesQuestion, s: splitQuestion, f: formQuestion }[key.name]
  return question && asking(model, question(model, candidate))
}
