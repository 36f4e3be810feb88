import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { stepTitle } from '../screens/index.ts'
import { addedServer } from '../wizard/added-servers.ts'
import { appQuestion, compatibleQuestion } from '../wizard/apps.ts'
import { changed, loaded } from '../wizard/model.ts'
import { type ServerChoice, serverChoices } from '../wizard/server-choices.ts'
import { commonTag, nameServers, ruleOf, type ServerRule, tickedServers } from '../wizard/servers.ts'
import { readItems } from './answers.ts'
import type { Turn } from './first-steps.ts'
import type { PlainSession } from './plain-session.ts'

const hint =
  'Numbers, ranges such as 1-3, names, or all. add ARN adds a server, add ARN ROLE one of another account through a role there, add NAME one that is planned. form NAME changes what grants on an App hold. undo, redo, list.'

/** Step 3: which servers, and how policies name them. */
export async function serversStep(session: PlainSession): Promise<Turn> {
  await session.enter('servers')
  const snapshot = loaded(session.model.snapshot)
  if (!snapshot) return 'back'
  session.say(stepTitle('servers'))
  sayServers(session, snapshot)
  for (;;) {
    const choices = serverChoices(snapshot, session.model.edit)
    const ticked = tickedServers(session.model.edit, snapshot)
    const now = choices.filter((server) => ticked.includes(server.arn)).map((server) => server.name)
    const answer = await session.ask(`Servers (default ${now.join(' ') || 'none'}):`, hint)
    if (answer === 'back') return 'back'
    if (answer === '' && now.length > 0) return rulesQuestion(session, snapshot)
    const [verb = '', ...rest] = answer.split(/\s+/)
    if (answer === 'undo' || answer === 'redo') await session.undo(answer)
    else if (answer === 'list') sayServers(session, snapshot)
    else if (verb === 'add' && rest.length > 0) {
      const added = addedServer(session.model, rest.join(' '))
      if (typeof added === 'string') session.say(added)
      else await session.change(added)
    } else if (verb === 'form' && rest.length > 0) {
      const found = readItems(rest.join(' '), choices, (server) => [server.name])
      if (typeof found === 'string') session.say(found)
      else await session.agree(compatibleQuestion(session.model, found[0]))
    } else {
      const servers = choices.filter((server) => server.kind !== 'app')
      const found = answer === 'all' ? servers : readItems(answer, choices, (server) => [server.name])
      if (typeof found === 'string' || found.length === 0)
        session.say(typeof found === 'string' ? found : 'At least one server is needed.')
      else {
        await tickServers(session, snapshot, found)
        if (session.model.edit.servers.length > 0) return rulesQuestion(session, snapshot)
      }
    }
  }
}

/** Ticks what was named; Apps one by one, each after it was said that access to it is full access. */
async function tickServers(
  session: PlainSession,
  snapshot: Snapshot,
  found: readonly ServerChoice[],
): Promise<void> {
  const before = tickedServers(session.model.edit, snapshot)
  for (const app of found.filter((each) => each.kind === 'app' && !before.includes(each.arn)))
    await session.agree(appQuestion(session.model, snapshot, app))
  const after = tickedServers(session.model.edit, snapshot)
  const arns = found.filter((each) => each.kind !== 'app' || after.includes(each.arn)).map((each) => each.arn)
  const edit = nameServers(session.model.edit, snapshot, arns, ruleOf(session.model.edit))
  await session.change(changed(session.model, edit, 'servers'))
}

function sayServers(session: PlainSession, snapshot: Snapshot): void {
  const { edit } = session.model
  const lines = serverChoices(snapshot, edit).map((server, index) => {
    const facts = [
      server.status,
      server.size,
      server.role && `role ${server.role}`,
      server.tags,
      server.region,
    ]
    const compatible = edit.servers.some(
      (each) => each.kind === 'app' && each.app === server.arn && each.compatible,
    )
    const form = compatible ? ['compatible form'] : []
    return `${index + 1}. ${server.name}, ${[...facts.filter(Boolean), ...form].join(', ')}`
  })
  session.say(lines.join('\n'))
}

async function rulesQuestion(session: PlainSession, snapshot: Snapshot): Promise<Turn> {
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
    if (!['arn', 'tag', 'all'].includes(answer) || (answer === 'tag' && !tag)) {
      session.say(
        answer === 'tag' ? 'They have no tag in common.' : `Answer arn, ${tag ? 'tag, ' : ''}all or back.`,
      )
      continue
    }
    const edit = nameServers(session.model.edit, snapshot, ticked, answer as ServerRule)
    await session.change(changed(session.model, edit, `servers by ${answer}`))
    return 'next'
  }
}
