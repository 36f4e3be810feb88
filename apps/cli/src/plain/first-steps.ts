import { stepTitle } from '../screens/index.ts'
import { count } from '../ui/text.ts'
import { accountsWords, choiceFor, foreignAccount, regionOf, toggleAccount } from '../wizard/file-accounts.ts'
import { changed, loaded } from '../wizard/model.ts'
import { noticeOf } from '../wizard/notice.ts'
import { readOwned, readToday as todayOf } from '../wizard/read-today.ts'
import { rightsOf } from '../wizard/rights.ts'
import { choiceOf, chooseRole, type RoleChoice, reusableRoles } from '../wizard/service-roles.ts'
import { readItems } from './answers.ts'
import type { PlainSession } from './plain-session.ts'

/** What a step leads to. */
export type Turn = 'next' | 'back'

const page = 20

/** Step 1: which account, and who is signed in. */
export async function accountStep(session: PlainSession): Promise<Turn> {
  const { account } = session.world
  session.say(stepTitle('account'))
  const choices = await account.choices()
  const lines = choices.map(
    (choice, index) =>
      `${index + 1}. ${[choice.name, choice.signIn, choice.account ? `account ${choice.account}` : 'account not checked yet', choice.region, choice.expired ? 'sign-in expired' : choice.session].filter((part) => part !== undefined).join(', ')}`,
  )
  session.say([`${count(choices.length, 'profile')}.`, ...lines.slice(0, page)].join('\n'))
  const several = accountsWords(session.model)
  if (several.length > 0) session.say(`The file is for ${several.join(' ')}`)
  const wanted = choiceFor(session.model, choices)
  const first = String(wanted ? choices.indexOf(wanted) + 1 : 1)
  for (;;) {
    const answer = await session.ask(
      `Profile (default ${first}):`,
      `Number or name of a profile. Default: ${first}. also NAME puts a profile among the accounts of the file, or takes it out.`,
    )
    if (answer === 'back') return 'back'
    if (answer.startsWith('also ')) {
      const named = readItems(answer.slice('also '.length), choices, (choice) => [choice.name])
      if (typeof named === 'string') session.say(named)
      else for (const each of named) await session.change(toggleAccount(session.model, each))
      continue
    }
    const found = readItems(answer === '' ? first : answer, choices, (choice) => [choice.name])
    if (typeof found === 'string' || !found[0]) {
      session.say(typeof found === 'string' ? found : 'There is no such profile.')
      continue
    }
    try {
      const [choice] = found
      await account.choose(choice, regionOf(session.model.edit, choice).region)
      session.model = { ...session.model, choice }
      session.receive({ type: 'identified', identity: await account.identity(), choice })
      const identity = loaded(session.model.identity)
      const foreign = identity && foreignAccount(session.model.edit, identity.account)
      if (foreign) {
        session.say(`${foreign} Choose another profile.`)
        continue
      }
      const snapshot = await account.observe()
      session.receive({ type: 'observed', snapshot })
      readToday(session)
      const rights = { yes: 'can', no: 'may not', unknown: 'perhaps can' }
      const can = rightsOf(snapshot).map((right) => `You ${rights[right.state]} ${right.what}.`)
      session.say(
        `Chosen: ${choice.name}. You are ${identity?.arn.replace(/^.*:/, '')} in ${identity?.account}, ${session.model.edit.region}. ${can.join(' ')}`,
      )
      for (const part of snapshot.unknown) session.say(`Not read: ${part.part}. ${part.why}`)
      await session.change(session.model)
      return 'next'
    } catch (error) {
      const { what, why, fix } = noticeOf(error)
      session.say([what, `Why: ${why}`, ...fix.map((each) => `Fix: ${each}`)].join('\n'))
    }
  }
}

/** Works out who may do what today, from what was read of the account. */
export function readToday(session: PlainSession): void {
  const snapshot = loaded(session.model.snapshot)
  if (!snapshot) return
  const { name } = session.model.edit
  const now = session.world.now()
  const owned = readOwned(snapshot, name, now)
  const today = todayOf(snapshot, name, now)
  session.receive({ type: 'evaluated', today, snapshot, ...(owned ? { owned } : {}) })
}

/** Step 2: the two service roles. */
export async function rolesStep(session: PlainSession): Promise<Turn> {
  await session.enter('roles')
  session.say(stepTitle('roles'))
  const titles = { 'tracking-server': 'Tracking server role', sagemaker: 'SageMaker AI role' } as const
  for (const purpose of ['tracking-server', 'sagemaker'] as const) {
    const snapshot = loaded(session.model.snapshot)
    if (!snapshot) return 'back'
    for (;;) {
      const role = session.model.edit.roles[purpose]
      const now = choiceOf(session.model.edit, purpose)
      const words = role ? `${now} ${role.name}` : now
      const answer = await session.ask(
        `${titles[purpose]} (default ${words}):`,
        'create, reuse, reuse NAME, or skip.',
      )
      if (answer === 'back') return 'back'
      if (answer === '') break
      const [, choice, name] = /^(create|reuse|skip)(?:\s+(\S+))?$/.exec(answer) ?? []
      const known = reusableRoles(snapshot, purpose)
      if (
        !choice ||
        (choice === 'reuse' && (known.length === 0 || (name !== undefined && !known.includes(name))))
      ) {
        session.say(
          choice
            ? `Roles that trust SageMaker: ${known.slice(0, page).join(', ') || 'none'}.`
            : 'Answer create, reuse, reuse NAME or skip.',
        )
        continue
      }
      const edit = chooseRole(
        session.model.edit,
        snapshot,
        purpose,
        choice as RoleChoice,
        choice === 'skip' ? undefined : name,
      )
      await session.change(changed(session.model, edit, `${choice} the ${purpose} role`))
      break
    }
  }
  return bucketsQuestion(session)
}

async function bucketsQuestion(session: PlainSession): Promise<Turn> {
  const role = session.model.edit.roles['tracking-server']
  if (!role) return 'next'
  const now = role.buckets.join(' ') || 'none'
  const answer = await session.ask(
    `Artifact buckets (default ${now}):`,
    'Bucket names with blanks between them, or none.',
  )
  if (answer === 'back') return 'back'
  if (answer === '') return 'next'
  const buckets = answer === 'none' ? [] : answer.split(/[\s,]+/).sort()
  const roles = { ...session.model.edit.roles, 'tracking-server': { ...role, buckets } }
  await session.change(changed(session.model, { ...session.model.edit, roles }, 'buckets'))
  return 'next'
}
