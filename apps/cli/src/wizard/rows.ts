import { findAction } from '@mlflow-iam/core/catalog/actions'
import { findFunctions, needsOf } from '@mlflow-iam/core/catalog/functions'
import type { Persona } from '@mlflow-iam/core/personas/persona'
import { cellFacts } from './cells.ts'
import type { Member } from './edit.ts'
import { loaded, type Model, placeOf } from './model.ts'
import { infoOf, lastPart, type PrincipalInfo } from './people.ts'

/** One row of the access grid: a principal, and the words that name it. */
export interface Row {
  readonly member: Member
  readonly info: PrincipalInfo
  /** `ana, ben +12`: the people who act through it, the ticked ones first; else its own name. */
  readonly title: string
  /** `ds-shared x14`, `group x6`, `role`. */
  readonly through: string
  readonly people: number
  readonly shared: boolean
}

const rowCache = new WeakMap<Member, { snapshot: unknown; split: unknown; row: Row }>()

/** The row of one member. */
export function rowOf(member: Member, model: Model): Row {
  const snapshot = loaded(model.snapshot)
  const { split } = model.edit
  const known = rowCache.get(member)
  if (known && known.snapshot === snapshot && known.split === split) return known.row
  const row = makeRow(member, infoOf(member.arn, snapshot, model.edit))
  rowCache.set(member, { snapshot, split, row })
  return row
}

function makeRow(member: Member, info: PrincipalInfo): Row {
  const ticked = member.refs.filter((ref) => ref.startsWith('profile/')).map((ref) => lastPart(ref))
  const byPeople = ticked.length > 0 || member.refs.some((ref) => ref.startsWith('domain/'))
  if (info.kind === 'role' && info.people.length > 0 && byPeople) {
    const names = [...ticked, ...info.people.filter((name) => !ticked.includes(name))]
    const shown = names.slice(0, 2).join(', ')
    return {
      member,
      info,
      title: names.length > 2 ? `${shown} +${names.length - 2}` : shown,
      through: names.length > 1 ? `${info.name} ×${names.length}` : info.name,
      people: names.length,
      shared: names.length > 1,
    }
  }
  const kind = info.kind === 'permission-set' ? 'permset' : info.kind === 'unknown' ? 'not read' : info.kind
  const several = info.people.length > (info.kind === 'group' || info.kind === 'permission-set' ? 0 : 1)
  return {
    member,
    info,
    title: info.name,
    through: several ? `${kind} ×${info.people.length}` : kind,
    people: Math.max(1, info.kind === 'permission-set' ? 1 : info.people.length),
    shared: several,
  }
}

let lastRows: { readonly key: readonly unknown[]; readonly rows: readonly Row[] } | undefined

/** All rows in the order fixed on entry; members that came later stand at the end. */
export function allRows(model: Model): readonly Row[] {
  const key = [model.edit.members, model.edit.split, model.rowOrder, loaded(model.snapshot)]
  if (lastRows && key.every((each, index) => each === lastRows?.key[index])) return lastRows.rows
  const place = new Map(model.rowOrder.map((arn, index) => [arn, index]))
  const rows = [...model.edit.members]
    .sort((a, b) => (place.get(a.arn) ?? 1e9) - (place.get(b.arn) ?? 1e9))
    .map((member) => rowOf(member, model))
  lastRows = { key, rows }
  return rows
}

/** Ticked first, then changed, then by name: the order a person sees on entering the grid. */
export function entryOrder(model: Model): readonly string[] {
  const rank = (member: Member) =>
    model.ticked.includes(member.arn)
      ? 0
      : model.edit.servers.some((server) => cellFacts(model, member.arn, server).mark !== '')
        ? 1
        : 2
  return model.edit.members
    .map((member) => ({ arn: member.arn, rank: rank(member), title: rowOf(member, model).title }))
    .sort((a, b) => a.rank - b.rank || (a.title < b.title ? -1 : a.title > b.title ? 1 : 0))
    .map((each) => each.arn)
}

let lastVisible: { readonly key: readonly unknown[]; readonly rows: readonly Row[] } | undefined

/** The rows that the filter of the grid leaves. */
export function visibleRows(model: Model): readonly Row[] {
  const query = placeOf(model, 'access').filter.text.trim()
  const rows = allRows(model)
  if (query === '') return rows
  const key = [rows, query, model.edit, model.today]
  if (lastVisible && key.every((each, index) => each === lastVisible?.key[index])) return lastVisible.rows
  const tests = query.split(/\s+/).map((word) => testOf(word, model))
  const left = neededBy(query) ? rows : rows.filter((row) => tests.every((test) => test(row)))
  lastVisible = { key, rows: left }
  return left
}

/** The MLflow actions that a typed function call needs; `undefined` where the text is no such call. */
export function neededBy(
  query: string,
): { readonly call: string; readonly actions: readonly string[] } | undefined {
  const text = query.trim()
  if (
    !/^[\w.]+(?:\(.*)?$/.test(text) ||
    (!text.includes('(') && !text.includes('_') && !text.startsWith('mlflow.'))
  ) {
    return undefined
  }
  const functions = findFunctions(text)
  if (functions.length === 0) return undefined
  return { call: text.replace(/\(.*$/, ''), actions: needsOf(functions).actions }
}

function testOf(word: string, model: Model): (row: Row) => boolean {
  const [key, value = ''] = splitWord(word)
  const wanted = value.toLowerCase()
  const anyCell = (row: Row, test: (facts: ReturnType<typeof cellFacts>) => boolean) =>
    model.edit.servers.some((server) => test(cellFacts(model, row.member.arn, server)))
  switch (key) {
    case 'has': {
      const action = findAction(value)?.bare ?? value
      return (row) => anyCell(row, (facts) => facts.allows(action))
    }
    case 'lacks': {
      const action = findAction(value)?.bare ?? value
      return (row) => anyCell(row, (facts) => !facts.allows(action))
    }
    case 'role':
      return (row) => row.info.kind === 'role' && row.info.name.toLowerCase().includes(wanted)
    case 'group':
      return (row) => row.info.kind === 'group' && row.info.name.toLowerCase().includes(wanted)
    case 'user':
      return (row) => row.info.kind === 'user' && row.info.name.toLowerCase().includes(wanted)
    case 'server':
      return (row) =>
        model.edit.servers.some(
          (server) =>
            server.key.toLowerCase().includes(wanted) &&
            cellFacts(model, row.member.arn, server).after.size > 0,
        )
    case 'is':
      if (wanted === 'shared') return (row) => row.shared
      if (wanted === 'changed') return (row) => anyCell(row, (facts) => facts.mark !== '')
      return () => false
    case 'risk':
      return (row) => anyCell(row, (facts) => facts.mark === '-') || (wanted !== 'high' && row.shared)
    default: {
      const text = word.toLowerCase()
      return (row) =>
        row.title.toLowerCase().includes(text) ||
        row.info.name.toLowerCase().includes(text) ||
        row.info.people.some((name) => name.toLowerCase().includes(text))
    }
  }
}

function splitWord(word: string): readonly [string, string?] {
  const colon = word.indexOf(':')
  return colon < 0 ? [''] : [word.slice(0, colon).toLowerCase(), word.slice(colon + 1)]
}

/** Names the personas of a row's cell in full, for messages. */
export function personaTitle(name: string, personas: ReadonlyMap<string, Persona>): string {
  return personas.get(name)?.title ?? name
}
