import { count } from '../ui/text.ts'
import type { AccountChoice } from './account.ts'
import type { Edit } from './edit.ts'
import { grantsFileName } from './file-names.ts'
import { changed, loaded, type Model } from './model.ts'

/**
 * The profile to begin with: the one chosen here, else the one of the command line, of the draft, of the file, else the
 * first.
 */
export function choiceFor(model: Model, choices: readonly AccountChoice[]): AccountChoice | undefined {
  const { edit } = model
  const named = (name: string | undefined) => choices.find((choice) => choice.name === name)
  return (
    named(model.choice?.name) ??
    choices.find((choice) => choice.asked) ??
    named(model.keptChoice) ??
    choiceOfFile(edit, choices) ??
    choices.find(({ account }) => account !== undefined && account === edit.account) ??
    choices[0]
  )
}

/** The choice that leads to an account of the file, where it lists several; the first one in the file's order. */
function choiceOfFile(edit: Edit, choices: readonly AccountChoice[]): AccountChoice | undefined {
  for (const listed of edit.accounts) {
    const found =
      choices.find((choice) => choice.profile === listed.profile) ??
      choices.find((choice) => choice.account === listed.account)
    if (found) return found
  }
  return undefined
}

/** Why the account that one is signed in to is not one that the choices are for. */
export function foreignAccount(edit: Edit, account: string): string | undefined {
  if (edit.accounts.length > 0) {
    if (edit.accounts.some((each) => each.account === account)) return undefined
    const listed = edit.accounts.map((each) => `${each.account} (${each.profile})`).join(', ')
    return `This file is for ${listed}; you are signed in to ${account}.`
  }
  return edit.account === undefined || edit.account === account
    ? undefined
    : `This draft is for account ${edit.account}; you are signed in to ${account}.`
}

/** What the file says of its accounts, and that they are worked on one at a time here. */
export function accountsWords(model: Model): readonly string[] {
  const { accounts } = model.edit
  if (accounts.length === 0) return []
  return [
    `${count(accounts.length, 'account')}: ${accounts.map((each) => `${each.account} ${each.profile}`).join(', ')}`,
    'The wizard works on the one you choose; the shell does all of them:',
    `mlflow-iam plan -f ${grantsFileName(model)}`,
  ]
}

/** The account of the file with the choices for it: the one signed in to, unless the file lists several. */
export function withAccount(edit: Edit, account: string, region: string): Edit {
  if (edit.accounts.length === 0) return { ...edit, account, region: edit.region ?? region }
  const elsewhere = edit.members.some(
    ({ arn }) => /^arn:[^:]+:iam::\d/.test(arn) && arn.split(':')[4] !== account,
  )
  return elsewhere ? byName(edit) : edit
}

/** The same choices with nobody resolved: the next account says who the names are there. */
function byName(edit: Edit): Edit {
  const members = edit.members.flatMap(({ arn, refs }) =>
    refs.map((ref) => ({ arn: ref, refs: [ref], from: arn })),
  )
  const cells = Object.fromEntries(members.map(({ arn, from }) => [arn, edit.cells[from] ?? {}]))
  return { ...edit, members: members.map(({ arn, refs }) => ({ arn, refs })), cells }
}

/** The Region to read of an account that is chosen: the file's own for it, else the file's. */
export function regionOf(edit: Edit, choice: AccountChoice): { readonly region?: string } {
  const region = edit.accounts.find((each) => each.profile === choice.profile)?.region ?? edit.region
  return region === undefined ? {} : { region }
}

/** Puts a profile among the accounts of the file, or takes it out. The one signed in to comes along with the first. */
export function toggleAccount(model: Model, choice: AccountChoice): Model {
  const { edit } = model
  const identity = loaded(model.identity)
  const idOf = (each: AccountChoice) => (each.name === model.choice?.name ? identity?.account : each.account)
  const told = (text: string): Model => ({ ...model, said: { text, tone: 'warn' } })
  const account = idOf(choice)
  if (choice.profile === undefined) return told('The file lists accounts by AWS profile, and this is none.')
  if (account === undefined) return told(`enter checks first which account ${choice.name} is.`)
  const own = model.choice
  const ownAccount = own && idOf(own)
  const first =
    edit.accounts.length === 0 &&
    own?.profile !== undefined &&
    ownAccount !== undefined &&
    own.name !== choice.name
      ? [{ account: ownAccount, profile: own.profile }]
      : []
  const listed = edit.accounts.some((each) => each.account === account)
  const others = [...edit.accounts, ...first].filter((each) => each.account !== account)
  const accounts = listed ? others : [...others, { account, profile: choice.profile }]
  const { account: _, ...rest } = edit
  const next: Edit =
    accounts.length === 0
      ? { ...edit, accounts, ...(ownAccount === undefined ? {} : { account: ownAccount }) }
      : { ...rest, accounts: [...accounts].sort((a, b) => (a.account < b.account ? -1 : 1)) }
  const what = `${listed ? 'take out' : 'add'} account ${account}`
  const text = `The file is for ${accounts.length === 0 ? 'this account' : accounts.map((each) => each.profile).join(', ')} now. u undoes.`
  return { ...changed(model, next, what), said: { text, tone: 'plain' } }
}
