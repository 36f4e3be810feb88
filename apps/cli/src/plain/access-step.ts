import { findAction, mlflowActions } from '@mlflow-iam/core/catalog/actions'
import { closestName } from '@mlflow-iam/core/catalog/suggest-name'
import { stepTitle } from '../screens/index.ts'
import { count } from '../ui/text.ts'
import {
  dropExceptions,
  policyWords,
  type Selection,
  setActions,
  setPersonas,
} from '../wizard/access-edits.ts'
import { lossWord } from '../wizard/adopt.ts'
import { adoptQuestion } from '../wizard/adopt-question.ts'
import { cellFacts, personasOf } from '../wizard/cells.ts'
import type { Model } from '../wizard/model.ts'
import { paletteOf } from '../wizard/palette.ts'
import { allRows, neededBy, personaTitle, type Row } from '../wizard/rows.ts'
import { readItems } from './answers.ts'
import type { Turn } from './first-steps.ts'
import type { PlainSession } from './plain-session.ts'

const hint =
  'set PERSONA on SERVER for WHO; add ACTION for WHO on SERVER; remove ACTION for WHO on SERVER; plain for WHO on SERVER; need CALL for WHO on SERVER; adopt WHO takes over a hand-made policy; show WHO; list, diff, personas, undo, redo, done. PERSONA is a name or digit, 0 or none takes access away; SERVER and WHO may be all.'

/** Step 5: what each principal may do on each server, one sentence at a time. */
export async function accessStep(session: PlainSession): Promise<Turn> {
  await session.enter('access')
  const { edit } = session.model
  const people = allRows(session.model).reduce((sum, row) => sum + row.people, 0)
  session.say(
    `${stepTitle('access')} ${count(edit.members.length, 'row')} for ${count(people, 'person', 'people')}, ${count(edit.servers.length, 'server')}.`,
  )
  sayRows(session)
  sayPersonas(session)
  for (;;) {
    const answer = await session.ask('Access:', hint)
    if (answer === 'back') return 'back'
    if (answer === 'done') return 'next'
    if (answer !== '') await carryOut(session, answer)
  }
}

async function carryOut(session: PlainSession, answer: string): Promise<void> {
  const [verb = ''] = answer.split(/\s+/)
  const rest = answer.slice(verb.length).trim()
  switch (verb) {
    case 'undo':
    case 'redo':
      return session.undo(verb)
    case 'adopt': {
      const rows = findRows(session.model, rest)
      if (typeof rows === 'string') return session.say(rows)
      return rows.length === 1
        ? session.agree(adoptQuestion(session.model, rows[0]))
        : session.say('adopt takes one row: adopt WHO.')
    }
    case 'list':
      return sayRows(session)
    case 'personas':
      return sayPersonas(session, true)
    case 'diff':
      return sayDiff(session)
    case 'show': {
      const rows = findRows(session.model, rest || 'all')
      if (typeof rows === 'string') return session.say(rows)
      for (const row of rows) session.say(rowWords(session.model, row))
      return
    }
    case 'set':
    case 'add':
    case 'remove':
    case 'plain':
    case 'need':
      return edit(session, verb, rest)
    default:
      return session.say(
        `"${verb}" is none of: set, add, remove, plain, need, adopt, show, list, diff, personas, undo, redo, done.`,
      )
  }
}

async function edit(session: PlainSession, verb: string, words: string): Promise<void> {
  const parts = takeApart(words)
  const { model } = session
  const rows = findRows(model, parts.who ?? 'all')
  if (typeof rows === 'string') return session.say(rows)
  const servers = findServers(model, parts.on ?? 'all')
  if (typeof servers === 'string') return session.say(servers)
  const chosen: Selection = { rows, servers }
  if (verb === 'plain') return session.change(dropExceptions(model, chosen))
  if (verb === 'set') {
    const persona = findPersona(model, parts.what)
    if (persona === undefined) return session.say(unknownPersona(model, parts.what))
    return session.change(setPersonas(model, chosen, persona === 'none' ? [] : persona.split('+')))
  }
  if (verb === 'need') {
    const needs = neededBy(parts.what.includes('(') ? parts.what : `${parts.what}(`)
    if (!needs) return session.say(`MLflow has no call ${parts.what} on record.`)
    const missing = needs.actions.filter((action) =>
      rows.some((row) => servers.some((key) => lacks(model, row, key, action))),
    )
    return session.say(
      `Needs ${count(needs.actions.length, 'action')}. Granted ${needs.actions.length - missing.length}. Missing ${missing.length}${missing.length > 0 ? `: ${missing.join(', ')}. Add them with: add ${missing.join(' ')} for ${parts.who ?? 'all'} on ${parts.on ?? 'all'}` : ''}.`,
    )
  }
  const actions = parts.what.split(/[\s,]+/).filter((each) => each !== '')
  const unknown = actions.find((action) => !findAction(action)?.name.startsWith('sagemaker-mlflow:'))
  if (unknown !== undefined || actions.length === 0) {
    const near = closestName(
      unknown ?? '',
      mlflowActions.map((action) => action.bare),
    )
    return session.say(`Unknown action "${unknown ?? ''}".${near ? ` Did you mean ${near}?` : ''}`)
  }
  const bare = actions.map((action) => findAction(action)?.bare ?? action)
  await session.change(setActions(model, chosen, bare, verb === 'add', `${verb} ${bare.join(', ')}`))
  for (const row of rows.slice(0, 5)) session.say(rowWords(session.model, row, servers))
}

/** `2 on ml-dev for 1-38` or `LogModel for chen on ml-prod`: the parts in either order. */
function takeApart(words: string): { readonly what: string; readonly on?: string; readonly who?: string } {
  const on = /(?:^|\s)on\s+(.*?)(?=\s+for\s+|$)/.exec(words)?.[1]
  const who = /(?:^|\s)for\s+(.*?)(?=\s+on\s+|$)/.exec(words)?.[1]
  const what = words.replace(/(?:^|\s)(?:on|for)\s.*$/, '').trim()
  return { what, ...(on === undefined ? {} : { on }), ...(who === undefined ? {} : { who }) }
}

function findRows(model: Model, who: string): readonly Row[] | string {
  return readItems(who, allRows(model), (row) => [
    row.info.name,
    row.title,
    ...row.member.refs,
    ...row.member.refs.map((ref) => ref.slice(ref.lastIndexOf('/') + 1)),
  ])
}

function findServers(model: Model, on: string): readonly string[] | string {
  const found = readItems(on, model.edit.servers, (server) => [server.key])
  return typeof found === 'string' ? found : found.map((server) => server.key)
}

function findPersona(model: Model, word: string): string | undefined {
  if (word === '0' || word === 'none') return 'none'
  const personas = personasOf(model.edit)
  const custom = model.edit.personas.map((persona) => persona.name)
  if (/^[1-9]$/.test(word)) return paletteOf(personas, custom, model.palette)[Number(word) - 1]
  const names = word.split(/[+,\s]+/)
  return names.length > 0 && names.every((name) => personas.has(name)) ? names.join('+') : undefined
}

function unknownPersona(model: Model, word: string): string {
  const near = closestName(word, [...personasOf(model.edit).keys()])
  return `There is no persona "${word}".${near ? ` Did you mean ${near}?` : ''}`
}

function lacks(model: Model, row: Row, key: string, action: string): boolean {
  const server = model.edit.servers.find((each) => each.key === key)
  return server !== undefined && !cellFacts(model, row.member.arn, server).allows(action)
}

function sayRows(session: PlainSession): void {
  const rows = allRows(session.model)
  session.say(
    rows
      .slice(0, 40)
      .map((row, index) => `${index + 1}. ${rowWords(session.model, row)}`)
      .join('\n'),
  )
  if (rows.length > 40) session.say(`And ${rows.length - 40} more; show and a name tells about one.`)
}

/** One row as a sentence: `chen on ml-prod: viewer plus 1, 21 actions, was 20.` */
function rowWords(model: Model, row: Row, only?: readonly string[]): string {
  const personas = personasOf(model.edit)
  const servers = model.edit.servers.filter((server) => only?.includes(server.key) ?? true)
  const parts = servers.map((server) => {
    const facts = cellFacts(model, row.member.arn, server)
    const cells = facts.cells.map((cell) => {
      const names = cell.personas.map((name) => personaTitle(name, personas)).join(' and ') || 'hand-picked'
      const add = cell.add.length > 0 ? ` plus ${cell.add.length}` : ''
      const remove = cell.remove.length > 0 ? ` minus ${cell.remove.length}` : ''
      return `${names}${add}${remove}`
    })
    const was = facts.now === undefined ? '' : `, was ${facts.now.size}`
    const stay = facts.elsewhere.map(
      (source) =>
        ` ${count(source.actions.length, 'stays', 'stay')} through ${policyWords(source.policy)}, which this tool does not manage.`,
    )
    const gone = facts.adopted.map(
      (source) => ` ${policyWords(source.policy)} is taken over, and ${lossWord(source.policy)}.`,
    )
    const whole = server.kind === 'app' && cells.length > 0 ? ' An App: everything, deleting too.' : ''
    return `${server.key}: ${cells.join(', ') || 'no access'}, ${count(facts.after.size, 'action')}${was}.${whole}${gone.join('')}${stay.join('')}`
  })
  const shared = row.people > 1 ? `, ${row.people} people` : ''
  return `${row.title}, ${row.through.replace('×', 'of ')}${shared}. ${parts.join(' ')}`
}

function sayPersonas(session: PlainSession, every = false): void {
  const personas = personasOf(session.model.edit)
  const custom = session.model.edit.personas.map((persona) => persona.name)
  if (every) {
    session.say(
      [...personas.values()]
        .map((persona) => `${persona.name}, ${count(persona.actions.length, 'action')}. ${persona.purpose}`)
        .join('\n'),
    )
    return
  }
  const digits = paletteOf(personas, custom, session.model.palette).map(
    (name, index) => `${index + 1} ${name}`,
  )
  session.say(`Personas: 0 none, ${digits.join(', ')}. personas lists every one.`)
}

function sayDiff(session: PlainSession): void {
  const { model } = session
  const changedRows = allRows(model).filter((row) =>
    model.edit.servers.some((server) => cellFacts(model, row.member.arn, server).mark !== ''),
  )
  session.say(
    changedRows.length === 0
      ? 'Nothing differs from AWS today.'
      : changedRows.map((row) => rowWords(model, row)).join('\n'),
  )
}
