import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Question } from './ask.ts'
import type { Edit } from './edit.ts'
import { loaded, type Model } from './model.ts'
import type { ServerChoice } from './server-choices.ts'
import { nameServers, ruleOf, tickedServers } from './servers.ts'

/** Asks whether people of this setup are to reach an App, where nobody can only look. */
export function appQuestion(model: Model, snapshot: Snapshot, app: ServerChoice): Question {
  const { edit } = model
  const arns = [...tickedServers(edit, snapshot), app.arn]
  return {
    title: `Tick ${app.name}, an MLflow App?`,
    lines: [
      `IAM has one action for everything on an App, sagemaker:CallMlflowAppApi. Whoever may look at ${app.name} may also write and delete there.`,
      `! A viewer on ${app.name} can delete its runs, models and traces. Give access to it only to those who may.`,
      'Nobody gets it by ticking: Access asks for each person. The file says access: full, so that a reader knows too.',
    ],
    yes: 'tick it all the same',
    from: edit,
    edit: nameServers(edit, snapshot, arns, ruleOf(edit)),
    what: `tick ${app.name}`,
    said: `${app.name} is ticked; any access to it is full access.`,
  }
}

/** Asks whether grants on an App are to hold the tracking servers' actions too, or no longer. */
export function compatibleQuestion(model: Model, app: ServerChoice | undefined): Question | string {
  const snapshot = loaded(model.snapshot)
  const there = model.edit.servers.find((server) => server.kind === 'app' && server.app === app?.arn)
  if (!snapshot || app?.kind !== 'app')
    return 'Only MLflow Apps have a form: whether grants hold the actions of servers too.'
  if (there?.kind !== 'app') return `Tick ${app.name} first.`
  const { edit } = model
  const compatible = !there.compatible
  const servers = edit.servers.map((server) => (server === there ? { ...there, compatible } : server))
  return {
    title: compatible
      ? `Also give the tracking servers' actions on ${app.name}?`
      : `Give only CallMlflowAppApi on ${app.name}?`,
    lines: [
      "AWS's pages contradict each other. The one on Apps names sagemaker:CallMlflowAppApi as their only action; some of AWS's own managed policies give the sagemaker-mlflow actions on Apps as well.",
      'Reports from the field differ too: one says that the one action is enough, another that both are needed.',
      compatible
        ? '! The compatible form gives both. Take it when calls to the App are denied without it; it allows nothing more than full access does.'
        : 'The plain form gives the one action. Take it when the App works without the others.',
    ],
    yes: compatible ? 'give both' : 'give the one',
    from: edit,
    edit: { ...edit, servers },
    what: `${app.name} ${compatible ? 'in the compatible form' : 'in the plain form'}`,
    said: `${app.name} is in the ${compatible ? 'compatible' : 'plain'} form now.`,
  }
}

/** Names of the chosen servers that are Apps. */
export function appKeys(edit: Edit, keys: readonly string[]): readonly string[] {
  return edit.servers
    .filter((server) => server.kind === 'app' && keys.includes(server.key))
    .map(({ key }) => key)
}
