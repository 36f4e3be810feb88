import { count } from '../ui/text.ts'
import { tickCandidates } from '../wizard/members.ts'
import { changed, loaded } from '../wizard/model.ts'
import { noticeOf } from '../wizard/notice.ts'
import { type Candidate, indexPeople, infoOf, type PeopleSource, peopleSources } from '../wizard/people.ts'
import { readOwned, readToday } from '../wizard/read-today.ts'
import { rightsOf } from '../wizard/rights.ts'
import { searchNames } from '../wizard/search.ts'
import {
  commonTag,
  nameServers,
  ruleOf,
  type ServerRule,
  serverChoices,
  tickedServers,
} from '../wizard/servers.ts'
import { choiceOf, chooseRole, type RoleChoice, reusableRoles } from '../wizard/service-roles.ts'
import { readItems, readNumbers } from './answers.ts'
import type { PlainSession } from './plain-session.ts'

/** What a step leads to. */
export type Turn = 'next' | 'back'

const page = 20

/** Step 1: which account, and who is signed in. */
export async function accountStep(session: PlainSession): Promise<Turn> {
  const { account, now } = session.world
  session.say('Step 1 of 8, Account.')
  const choices = await account.choices()
  const lines = choices.map(
    (choice, index) =>
      `${index + 1}. ${[choice.name, choice.signIn, choice.account ? `account ${choice.account}` : 'account not checked yet', choice.region, choice.expired ? 'sign-in expired' : choice.session].filter((part) => part !== undefined).join(', ')}`,
  )
  session.say([`${count(choices.length, 'profile')}.`, ...lines.slice(0, page)].join('\n'))
  for (;;) {
    const answer = await session.ask('Profile (default 1):', 'Number or name of a profile. Default: 1.')
    if (answer === 'back') return 'back'
    const found = readItems(answer === '' ? '1' : answer, choices, (choice) => [choice.name])
    if (typeof found === 'string' || !found[0]) {
      session.say(typeof found === 'string' ? found : 'There is no such profile.')
      continue
    }
    try {
      const [choice] = found
      await account.choose(choice, session.model.edit.region)
      session.model = { ...session.model, choice }
      session.receive({ type: 'identified', identity: await account.identity(), choice })
      const identity = loaded(session.model.identity)
      const own = session.model.edit.account
      if (identity && own !== undefined && own !== identity.account) {
        session.say(
          `This draft is for account ${own}; you are signed in to ${identity.account}. Choose another profile.`,
        )
        continue
      }
      const snapshot = await account.observe()
      session.receive({ type: 'observed', snapshot })
      const { name } = session.model.edit
      const owned = readOwned(snapshot, name, now())
      session.receive({
        type: 'evaluated',
        today: readToday(snapshot, name, now()),
        snapshot,
        ...(owned ? { owned } : {}),
      })
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

/** Step 2: the two service roles. */
export async function rolesStep(session: PlainSession): Promise<Turn> {
  await session.enter('roles')
  session.say('Step 2 of 8, Roles.')
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

/** Step 3: which servers, and how policies name them. */
export async function serversStep(session: PlainSession): Promise<Turn> {
  await session.enter('servers')
  const snapshot = loaded(session.model.snapshot)
  if (!snapshot) return 'back'
  const choices = serverChoices(snapshot)
  session.say('Step 3 of 8, Servers.')
  session.say(
    choices
      .map(
        (server, index) =>
          `${index + 1}. ${server.name}, ${[server.status, server.size, server.role && `role ${server.role}`, server.tags, server.region].filter(Boolean).join(', ')}`,
      )
      .join('\n'),
  )
  for (;;) {
    const ticked = tickedServers(session.model.edit, snapshot)
    const now = choices.filter((server) => ticked.includes(server.arn)).map((server) => server.name)
    const answer = await session.ask(
      `Servers (default ${now.join(' ') || 'none'}):`,
      'Numbers, ranges such as 1-3, names, or all.',
    )
    if (answer === 'back') return 'back'
    if (answer === '' && now.length > 0) break
    const servers = choices.filter((server) => server.kind === 'server')
    const found = answer === 'all' ? servers : readItems(answer, choices, (server) => [server.name])
    if (typeof found === 'string' || found.length === 0) {
      session.say(typeof found === 'string' ? found : 'At least one server is needed.')
      continue
    }
    const edit = nameServers(
      session.model.edit,
      snapshot,
      found.map((server) => server.arn),
      ruleOf(session.model.edit),
    )
    await session.change(changed(session.model, edit, 'servers'))
    break
  }
  const ticked = tickedServers(session.model.edit, snapshot)
  const tag = commonTag(snapshot, ticked)
  for (;;) {
    const rule = ruleOf(session.model.edit)
    const answer = await session.ask(
      `Policies name them by (default ${rule}):`,
      `arn, these only${tag ? `; tag, by ${tag.key}` : ''}; or all, every server here, future ones too.`,
    )
    if (answer === 'back') return 'back'
    if (answer === '') return 'next'
    if (!['arn', 'tag', 'all'].includes(answer) || (answer === 'tag' && !tag)) continue
    await session.change(
      changed(
        session.model,
        nameServers(session.model.edit, snapshot, ticked, answer as ServerRule),
        `servers by ${answer}`,
      ),
    )
    return 'next'
  }
}

/** Step 4: who gets access. */
export async function peopleStep(session: PlainSession): Promise<Turn> {
  await session.enter('people')
  const snapshot = loaded(session.model.snapshot)
  if (!snapshot) return 'back'
  const index = indexPeople(snapshot)
  let source: PeopleSource = peopleSources[session.model.places.people?.tab ?? 0] ?? 'users'
  let shown: readonly Candidate[] = index.candidates[source]
  let from = 0
  const tell = () => {
    const until = Math.min(shown.length, from + page)
    const lines = shown
      .slice(from, until)
      .map(
        (each, at) =>
          `${from + at + 1}. ${candidateWords(each)}${isTicked(session, each) ? ', selected' : ''}`,
      )
    session.say(
      [
        `Source ${source}, ${shown.length === 0 ? 'nobody' : `${from + 1}-${until} of ${shown.length}`}.`,
        ...lines,
      ].join('\n'),
    )
  }
  session.say('Step 4 of 8, People.')
  tell()
  const hint = `Numbers or ranges such as 1 3 5-9, a name, /text to filter, more, source and one of ${peopleSources.join(' ')}, all, none, show, done.`
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
            `Access belongs to role ${infoOf(each.arn ?? '', snapshot).name}: all ${each.others + 1} people who use it change with ${each.name}.`,
          )
        }
      }
    }
    if (answer === 'back') return 'back'
    if (answer === 'done' || answer === '') {
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

function candidateWords(candidate: Candidate): string {
  switch (candidate.source) {
    case 'profiles':
      return `${candidate.name}, through role ${candidate.through}, ${candidate.others === 0 ? 'not shared' : `shared with ${count(candidate.others, 'other')}`}`
    case 'groups':
      return `${candidate.name}, ${count(candidate.others, 'member')}`
    default:
      return `${candidate.name}, ${candidate.through}`
  }
}
