import { actionGroups, actionsOfGroup } from '../catalog/actions.ts'
import type { AccessRow } from '../evaluate/access.ts'
import { describeAccess } from '../evaluate/describe-access.ts'
import { policyWords } from '../evaluate/statement-findings.ts'
import { type Html, html } from './html.ts'
import { scrolling } from './report-tables.ts'
import type { Person, ReportServer, ReportView } from './report-view.ts'

/** One section for each person: who acts through it, what it may do where, and what gives that. */
export function personSections({ people, servers }: ReportView): readonly Html[] {
  return people.map((person) => {
    const lines = person.rows.map((row, index) => serverLine(row, servers[index]))
    return html`<section class="person" aria-labelledby="${person.anchor}">
<h3 id="${person.anchor}">${person.name} <small>${person.kind}</small></h3>
<dl class="facts">${facts(person)}</dl>
${scrolling(
  `Access of ${person.name} by server`,
  html`<table><caption>Access of ${person.name} by server, and where it comes from</caption>
<thead><tr><th scope="col">Server</th><th scope="col">Access</th><th scope="col">Actions</th><th scope="col">From elsewhere</th><th scope="col">Taken away</th><th scope="col">Under conditions</th></tr></thead><tbody>${lines}</tbody></table>`,
)}
${actionLists(person, servers)}
</section>`
  })
}

function facts(person: Person): readonly Html[] {
  const fact = (name: string, value: string | undefined) =>
    value ? [html`<dt>${name}</dt><dd>${value}</dd>`] : []
  const shared = person.profiles.length > 1 ? `, who all share what it has` : ''
  return [
    ...fact('ARN', person.arn),
    ...fact('Groups', person.groups.join(', ')),
    ...fact(
      'SageMaker profiles',
      person.profiles.length > 0 ? `${person.profiles.join(', ')}${shared}` : undefined,
    ),
    ...fact('Granted by mlflow-iam', person.owned.join(', ')),
    ...fact('Permissions boundary', person.boundary),
  ]
}

function serverLine(row: AccessRow, server: ReportServer | undefined): Html {
  const sources = row.elsewhere.map((one) => `${one.actions.length} from ${policyWords(one.policy)}`)
  const depends = [...new Set(row.depends.flatMap((one) => one.keys))]
  const open = row.depends.length > 0 ? `${row.depends.length}, depending on ${depends.join(', ')}` : 'none'
  return html`<tr><th scope="row">${server?.name ?? ''}</th><td>${describeAccess(row)}</td><td>${row.allowed.length}</td><td>${sources.join('; ') || 'none'}</td><td>${row.denied.join(', ') || 'none'}</td><td>${open}</td></tr>`
}

/** Every allowed action by name, for whoever has to know; servers with the same ones share a list. */
function actionLists(person: Person, servers: readonly ReportServer[]): readonly Html[] {
  const lists = new Map<string, { row: AccessRow; names: string[] }>()
  person.rows.forEach((row, index) => {
    const name = servers[index]?.name ?? ''
    if (row.allowed.length === 0) return
    const key = row.allowed.join()
    const list = lists.get(key)
    if (list) list.names.push(name)
    else lists.set(key, { row, names: [name] })
  })
  return [...lists.values()].map(({ row, names }) => {
    const held = new Set(row.allowed)
    const groups = actionGroups.flatMap((group) => {
      const some = actionsOfGroup(group).flatMap((action) => (held.has(action.bare) ? [action.bare] : []))
      return some.length === 0 ? [] : [html`<dt>${group}</dt><dd>${some.join(', ')}</dd>`]
    })
    const app = held.has('CallMlflowAppApi') ? html`<dt>App</dt><dd>CallMlflowAppApi</dd>` : html``
    const count = held.size === 1 ? 'The one action' : `The ${held.size} actions`
    return html`<details><summary>${count} on ${names.join(', ')}</summary><dl class="facts">${groups}${app}</dl></details>`
  })
}
