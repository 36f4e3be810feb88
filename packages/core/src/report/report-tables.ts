import { type ActionGroup, actionGroups, actionsOfGroup } from '../catalog/actions.ts'
import type { AccessRow } from '../evaluate/access.ts'
import { describeAccess, unreadPolicies } from '../evaluate/describe-access.ts'
import { type CellState, cellClasses, cellStates } from './cell-words.ts'
import { type Html, html } from './html.ts'
import type { Person, ReportServer, ReportView } from './report-view.ts'

/** People by servers, each cell a persona in words. */
export function serverMatrix({ people, servers }: ReportView): Html {
  const head = servers.map((server) => html`<th scope="col">${server.name}</th>`)
  const lines = people.map((person) => {
    const cells = person.rows.map(serverCell)
    return html`<tr>${personHead(person)}${cells}</tr>`
  })
  return scrolling(
    'Access of each person on each server',
    html`<table><caption>Access of each person on each server, in the words of personas</caption>
<thead><tr><th scope="col">Person</th>${head}</tr></thead><tbody>${lines}</tbody></table>`,
  )
}

function serverCell(row: AccessRow): Html {
  const words = describeAccess(row)
  const foreign = new Set(row.elsewhere.flatMap((one) => one.actions)).size
  const notes = [
    ...(foreign === 0
      ? []
      : [
          foreign === row.allowed.length
            ? 'all from elsewhere'
            : `${foreign} of ${row.allowed.length} from elsewhere`,
        ]),
    ...(row.denied.length > 0 ? [`${row.denied.length} denied`] : []),
    ...(row.depends.length > 0
      ? [
          `${row.depends.length} ${unreadPolicies(row).length > 0 ? 'not known: policies were not read' : 'under conditions'}`,
        ]
      : []),
  ]
  const state =
    words === 'none' || words === 'unknown' ? (notes.length > 0 ? 'dep' : 'no') : foreign > 0 ? 'else' : 'yes'
  return html`<td class="${state}">${words}${notes.map((note) => html` <small>${note}</small>`)}</td>`
}

/** Action columns that fit on a landscape page, whole groups together. */
const mostColumns = 18

function columnSets(): readonly (readonly ActionGroup[])[] {
  const sets: ActionGroup[][] = []
  let width = 0
  for (const group of actionGroups) {
    const size = actionsOfGroup(group).length
    const last = sets.at(-1)
    if (last && width + size <= mostColumns) {
      last.push(group)
      width += size
    } else {
      sets.push([group])
      width = size
    }
  }
  return sets
}

/** People by the 61 actions of one tracking server. The columns stand in groups, on as many tables as paper needs. */
export function actionMatrix(
  server: ReportServer,
  serverIndex: number,
  people: readonly Person[],
): readonly Html[] {
  const groups = sameRows(people, serverIndex)
  return columnSets().map((set, part) => {
    const id = `s${serverIndex}p${part}`
    const top = set.map((group, index) => {
      const size = actionsOfGroup(group).length
      return html`<th id="${id}g${index}" scope="colgroup" colspan="${size}">${group}</th>`
    })
    const columns = set.flatMap((group, index) =>
      actionsOfGroup(group).map(({ bare }) => ({ bare, head: `${id}g${index}` })),
    )
    const names = columns.map(
      ({ bare, head }, index) =>
        html`<th id="${id}c${index}" headers="${head}" scope="col" class="turn"><a href="#action-${bare}">${bare}</a></th>`,
    )
    const lines = groups.map(({ states, members }, line) => {
      const cells = columns.map(({ bare, head }, index) => {
        const state = states(bare)
        return html`<td headers="${id}r${line} ${head} ${id}c${index}" class="${cellClasses[state]}">${state}</td>`
      })
      return html`<tr><th id="${id}r${line}" scope="row">${linksTo(members)}</th>${cells}</tr>`
    })
    return scrolling(
      `${server.name}: ${set.join(', ')}`,
      html`<table class="grid"><caption>${server.name}: ${set.join(', ')}</caption>
<thead><tr><th scope="col" rowspan="2">Person</th>${top}</tr><tr>${names}</tr></thead><tbody>${lines}</tbody></table>`,
    )
  })
}

/** An App has one action for everything, so one column says it. */
export function appTable(server: ReportServer, serverIndex: number, people: readonly Person[]): Html {
  const lines = sameRows(people, serverIndex).map(({ states, members }) => {
    const state = states('CallMlflowAppApi')
    return html`<tr><th scope="row">${linksTo(members)}</th><td class="${cellClasses[state]}">${state}</td></tr>`
  })
  return scrolling(
    `${server.name}: CallMlflowAppApi`,
    html`<table><caption>${server.name}: who may call the App, which is everything in it</caption>
<thead><tr><th scope="col">Person</th><th scope="col">CallMlflowAppApi</th></tr></thead><tbody>${lines}</tbody></table>`,
  )
}

interface SameRow {
  readonly members: readonly Person[]
  readonly states: (action: string) => CellState
}

/** Beyond this many people, those with the same access on a server share one line. */
const mostLines = 40

function sameRows(people: readonly Person[], serverIndex: number): readonly SameRow[] {
  const lines = new Map<string, { members: Person[]; states: SameRow['states'] }>()
  people.forEach((person, place) => {
    const row = person.rows[serverIndex]
    if (!row) return
    const elsewhere = [...new Set(row.elsewhere.flatMap((one) => one.actions))].sort()
    const same = JSON.stringify([row.allowed, row.denied, row.depends.map((one) => one.action), elsewhere])
    const key = people.length > mostLines ? same : String(place)
    const line = lines.get(key)
    if (line) line.members.push(person)
    else lines.set(key, { members: [person], states: cellStates(row) })
  })
  return [...lines.values()]
}

export function personHead(person: Person): Html {
  return html`<th scope="row">${linksTo([person])}</th>`
}

function linksTo(members: readonly Person[]): Html {
  const links = members.map(
    (person, index) =>
      html`${index > 0 ? ', ' : ''}<a href="#${person.anchor}">${person.name}</a> <small>${person.kind}</small>`,
  )
  return html`${links}`
}

/** A table that may be wider than the window: reachable and scrollable with the keyboard. */
export function scrolling(label: string, table: Html): Html {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${table}</div>`
}
