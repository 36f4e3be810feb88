import type { GrantsServer } from '@mlflow-iam/core/grants/grants-file'
import { parseGrants } from '@mlflow-iam/core/grants/parse-grants'
import type { Edit } from './edit.ts'
import { emptyField } from './field.ts'
import { grantsText } from './grants-text.ts'
import { changed, loaded, type Model } from './model.ts'
import { noticeOf } from './notice.ts'
import { lastPart } from './people.ts'
import { nameServers, ruleOf, safeKey, tickedServers } from './servers.ts'

/** Asks for a server that the list does not have. */
export function askForServer(model: Model): Model {
  return {
    ...model,
    overlay: {
      kind: 'input',
      purpose: 'server',
      title: 'Add a server',
      hint: 'Its ARN. For one of another account: its ARN, a blank, and the ARN of the role there that MLflow clients assume (via). A name alone is a server that is planned here.',
      field: emptyField,
    },
  }
}

/** The choices with the server that a person named; a text says what is wrong with it. */
export function addedServer(model: Model, text: string): Model | string {
  const [first = '', via, ...more] = text.split(/\s+/)
  if (more.length > 0)
    return 'One server at a time: its ARN, and for another account the ARN of the role there.'
  const { edit } = model
  const home = loaded(model.identity)?.account ?? edit.account
  const account = first.split(':')[4]
  const name = lastPart(first)
  if (first.includes(':mlflow-app/')) return 'MLflow Apps are ticked in the list, with space.'
  const snapshot = loaded(model.snapshot)
  if (snapshot?.servers.some((server) => server.arn === first) && via === undefined) {
    const ticked = tickedServers(edit, snapshot)
    if (ticked.includes(first)) return `${name} is ticked already.`
    const next = nameServers(edit, snapshot, [...ticked, first], ruleOf(edit))
    return told(changed(model, next, `tick ${name}`), `${name} is ticked.`)
  }
  if (first.startsWith('arn:') && account !== home && via === undefined)
    return `${name} is in account ${account}: add, after a blank, the ARN of the role there that MLflow clients assume, such as arn:aws:iam::${account}:role/mlflow-access.`
  const key = freeKey(edit, safeKey(name), account)
  const server: GrantsServer = !first.startsWith('arn:')
    ? { key: first, kind: 'name', planned: true, kms: [] }
    : via === undefined
      ? { key, kind: 'arn', arn: first, planned: true, kms: [] }
      : { key, kind: 'arn', arn: first, planned: false, via, kms: [] }
  if (edit.servers.some((each) => each.key === server.key))
    return `${server.key} is among the servers already.`
  const next: Edit = { ...edit, servers: [...edit.servers, server] }
  const wrong = complaintAbout(next)
  if (wrong !== undefined) return wrong
  const words =
    via === undefined
      ? `${server.key} is added as planned: it is not in this account yet.`
      : `${server.key} of account ${account} is added.`
  return told(changed(model, next, `add ${server.key}`), words)
}

function told(model: Model, words: string): Model {
  return { ...model, said: { text: `${words} u undoes.`, tone: 'plain' } }
}

function freeKey(edit: Edit, name: string, account: string | undefined): string {
  return edit.servers.some((server) => server.key === name) ? `${name}-${account}` : name
}

/** What the grants file's own rules say of the servers, in one line. */
function complaintAbout(edit: Edit): string | undefined {
  try {
    parseGrants(grantsText({ ...edit, members: [], cells: {} }), 'servers')
    return undefined
  } catch (error) {
    const { what, why, fix } = noticeOf(error)
    return [why || what, fix[0]].filter(Boolean).join(' ')
  }
}
