import { mlflowActions } from '@mlflow-iam/core/catalog/actions'
import type { RequestContext } from '@mlflow-iam/core/evaluate/access'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Reading } from '../observe/reading.ts'
import { askSimulator, type Simulated } from './ask-simulator.ts'

/** What all questions of one verification share. */
export interface Facts {
  readonly reading: Reading
  readonly snapshot: Snapshot
  readonly servers: readonly string[]
  /** Some server is named by its tags: each server is then asked about with its own. */
  readonly tagged: boolean
  readonly name: string
  readonly strict: boolean
  readonly now: Date
}

/** Asks about every MLflow action on servers and Apps: one call for all servers of which the same is known. */
export async function askAboutServers(
  facts: Facts,
  principal: string,
  servers: readonly string[],
  context: RequestContext,
) {
  const time = { 'aws:CurrentTime': [facts.now.toISOString()] }
  const groups = new Map<string, { servers: string[]; context: RequestContext }>()
  for (const server of servers) {
    const all = { ...time, ...context, ...(facts.tagged ? tagsOf(facts.snapshot, server) : {}) }
    const kind = isApp(server) ? 'app' : 'server'
    const key = `${kind} ${JSON.stringify(all)}`
    const group = groups.get(key)
    if (group) group.servers.push(server)
    else groups.set(key, { servers: [server], context: all })
  }
  const answers: Simulated[] = []
  for (const group of groups.values()) {
    const [first = ''] = group.servers
    if (isApp(first)) {
      answers.push(
        ...(await askSimulator(facts.reading, principal, [appAction], group.servers, group.context)),
      )
      continue
    }
    answers.push(...(await askSimulator(facts.reading, principal, onServers, group.servers, group.context)))
    // AccessUI knows no resources: it is asked for once, and holds for every server.
    const ui = await askSimulator(facts.reading, principal, anywhere, ['*'], group.context)
    for (const resource of group.servers) answers.push(...ui.map((answer) => ({ ...answer, resource })))
  }
  return answers
}

const appAction = 'sagemaker:CallMlflowAppApi'
const onServers = mlflowActions
  .filter(({ resourceTypes }) => resourceTypes.length > 0)
  .map(({ name }) => name)
const anywhere = mlflowActions
  .filter(({ resourceTypes }) => resourceTypes.length === 0)
  .map(({ name }) => name)

function isApp(server: string): boolean {
  return server.includes(':mlflow-app/')
}

function tagsOf(snapshot: Snapshot, server: string): RequestContext {
  const found = [...snapshot.servers, ...snapshot.apps].find(({ arn }) => arn === server)
  return Object.fromEntries((found?.tags ?? []).map(({ Key, Value }) => [`aws:ResourceTag/${Key}`, [Value]]))
}
