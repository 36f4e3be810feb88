import type { Question } from './ask.ts'
import type { Edit } from './edit.ts'
import { loaded, type Model } from './model.ts'
import { type Candidate, infoOf } from './people.ts'

export type PermissionForm = Edit['permissionSets'][number]['policy']

/** How a permission set holds its grants; by reference unless the file says otherwise. */
export function formOf(edit: Edit, name: string): PermissionForm {
  return edit.permissionSets.find((set) => set.name === name)?.policy ?? 'reference'
}

/** Asks whether a permission set is to hold its grants in the other form. */
export function formQuestion(model: Model, candidate: Candidate | undefined): Question | string {
  if (candidate?.source !== 'permission-sets' || candidate.arn === undefined)
    return 'Only permission sets have a form: how they hold their grants.'
  const { edit } = model
  const { name } = candidate
  const accounts = infoOf(candidate.arn, loaded(model.snapshot)).people
  const form = formOf(edit, name) === 'inline' ? 'reference' : 'inline'
  const others = edit.permissionSets.filter((set) => set.name !== name)
  const permissionSets = form === 'inline' ? sorted([...others, { name, policy: form }]) : others
  const reach =
    accounts.length === 0
      ? `${name} is assigned in no account yet.`
      : accounts.length === 1
        ? `${name} reaches one account: ${accounts.join('')}.`
        : `! ${name} reaches ${accounts.length} accounts, and all of them change with it: ${accounts.join(', ')}.`
  const words =
    form === 'inline'
      ? [
          'Now: it refers to customer managed policies by name. Each account that it reaches must hold them, or Identity Center cannot provision it there.',
          'Then: its inline policy holds the grants themselves, beside what others wrote there. No account needs anything; all of it must fit in 32,768 characters.',
        ]
      : [
          'Now: its inline policy holds the grants themselves, beside what others wrote there.',
          'Then: it refers to customer managed policies by name. Each account that it reaches must hold them, or Identity Center cannot provision it there.',
        ]
  return {
    title:
      form === 'inline'
        ? `Put the grants of ${name} into its inline policy?`
        : `Have ${name} refer to policies by name?`,
    lines: [...words, reach],
    yes: form === 'inline' ? 'use its inline policy' : 'refer by name',
    from: edit,
    edit: { ...edit, permissionSets },
    what: `${name} ${form === 'inline' ? 'inline' : 'by reference'}`,
    said: `${name} holds its grants ${form === 'inline' ? 'in its inline policy' : 'by reference'} now.`,
  }
}

function sorted(sets: Edit['permissionSets']): Edit['permissionSets'] {
  return [...sets].sort((a, b) => (a.name < b.name ? -1 : 1))
}
