import type { Area, View } from '../ui/frame.ts'
import { cell, span, spread } from '../ui/line.ts'
import { moveCursor } from '../ui/scroll.ts'
import { count } from '../ui/text.ts'
import { emptyField } from '../wizard/field.ts'
import type { Key } from '../wizard/keys.ts'
import { tickCandidates } from '../wizard/members.ts'
import { changed, loaded, type Model, placeOf, withPlace } from '../wizard/model.ts'
import { type Candidate, indexPeople, type PeopleSource, peopleSources } from '../wizard/people.ts'
import { searchNames } from '../wizard/search.ts'
import { peopleAsk, rowKeys } from './people-asks.ts'
import { strip } from './people-strip.ts'
import {
  columnHeads,
  sharedWords,
  sharerLines,
  sourceTabs,
  throughWords,
  tickedLines,
  tickedSummary,
  todayWords,
  unknownParts,
} from './people-words.ts'
import { blank, list, row, text, tick } from './rows.ts'
import type { Screen } from './screen.ts'
import { waiting } from './servers.ts'

function source(model: Model): PeopleSource {
  return peopleSources[placeOf(model, 'people').tab] ?? 'users'
}

/** The candidates of the current source that the filter leaves. */
export function shownCandidates(model: Model): readonly Candidate[] {
  const snapshot = loaded(model.snapshot)
  if (!snapshot) return []
  return searchNames(
    indexPeople(snapshot, model.edit).candidates[source(model)],
    placeOf(model, 'people').filter.text,
  )
}

/** Who gets access. */
export const peopleScreen: Screen = {
  id: 'people',
  title: 'People',
  filters: true,

  blocks: (model) =>
    model.edit.members.length > 0
      ? undefined
      : 'Tick at least one person, group or role with space; + adds by ARN. Nobody is ticked now.',

  onKey(model: Model, key: Key) {
    const place = placeOf(model)
    const candidates = shownCandidates(model)
    const moved = moveCursor(place.row, candidates.length, key.name, 10)
    if (moved !== undefined) return { model: withPlace(model, { row: moved }) }
    const step =
      key.name === 'tab' || key.name === 'right' || key.name === 'l'
        ? 1
        : key.name === 'shift-tab' || key.name === 'left' || key.name === 'h'
          ? -1
          : 0
    if (step !== 0) {
      const tab = (place.tab + step + peopleSources.length) % peopleSources.length
      return {
        model: withPlace({ ...model, rangeFrom: undefined }, { tab, row: 0, top: 0, filter: emptyField }),
      }
    }
    const put = (chosen: readonly Candidate[], on: boolean | 'invert', what: string) => {
      const open = chosen.filter((each) => !each.blocked)
      const next = changed(model, tickCandidates(model.edit, open, on), what)
      const [only] = chosen
      if (open.length < chosen.length && chosen.length === 1 && only?.blocked) {
        return { model: { ...model, said: { text: only.blocked, tone: 'warn' as const } } }
      }
      return { model: next }
    }
    switch (key.name) {
      case 'enter':
        return { model, go: 'next' }
      case 'space': {
        const candidate = candidates[place.row]
        if (!candidate) return { model }
        const range = rangeOf(model, candidates)
        if (range) {
          const done = put(range, true, `tick ${count(range.length, 'row')}`)
          return { model: { ...done.model, rangeFrom: undefined } }
        }
        return put([candidate], 'invert', `tick ${candidate.name}`)
      }
      case 'v':
        return { model: { ...model, rangeFrom: model.rangeFrom === undefined ? place.row : undefined } }
      case 'a':
        return put(candidates, true, `tick ${count(candidates.length, 'row')}`)
      case 'n':
        return put(candidates, false, `untick ${count(candidates.length, 'row')}`)
      case 'i':
        return put(candidates, 'invert', `invert ${count(candidates.length, 'row')}`)
      case '+':
        return {
          model: {
            ...model,
            overlay: {
              kind: 'input',
              purpose: 'refs',
              title: 'Add people by ARN or name',
              hint: 'ARNs, or user/ana role/ci-trainer profile/d-abc/ben; spaces, commas or lines between them.',
              field: emptyField,
            },
          },
        }
      case 'o':
        return {
          model: {
            ...model,
            overlay: {
              kind: 'list',
              title: 'Who this is about, and who is ticked',
              lines: [...sharerLines(model, candidates[place.row]), ...tickedLines(model)],
              top: 0,
            },
          },
        }
      default: {
        const asked = peopleAsk(model, key, candidates[place.row])
        return asked && { model: asked }
      }
    }
  },

  view(model: Model, area: Area): View {
    const { glyphs } = area
    const width = area.columns - 1
    const compact = area.layout === 'compact'
    const snapshot = loaded(model.snapshot)
    const head = compact ? [] : [blank]
    if (!snapshot) return { body: [...head, ...waiting(model)] }
    const index = indexPeople(snapshot, model.edit)
    const place = placeOf(model)
    const current = source(model)
    const candidates = shownCandidates(model)
    const refs = new Set(model.edit.members.flatMap((member) => member.refs))
    const range = rangeOf(model, candidates)
    const nameWidth = area.layout === 'wide' ? 32 : 20
    const draw = (candidate: Candidate, focused: boolean) =>
      row(
        area,
        focused,
        `${range?.includes(candidate) ? '[v]' : tick(refs.has(candidate.ref))} `,
        cell(candidate.name, nameWidth, 'plain', glyphs.more),
        cell(
          throughWords(model, candidate),
          compact ? 20 : area.layout === 'wide' ? 32 : 20,
          'plain',
          glyphs.more,
        ),
        ...(compact
          ? []
          : [cell(sharedWords(candidate), 15, candidate.others > 20 ? 'warn' : 'plain', glyphs.more)]),
        ...(compact
          ? []
          : [candidate.blocked ? span('protected', 'warn') : span(todayWords(model, candidate))]),
      )
    const totals = Object.fromEntries(
      peopleSources.map((each) => [each, index.candidates[each].length]),
    ) as Record<PeopleSource, number>
    const unread = snapshot.unknown.filter((part) => unknownParts[current].includes(part.part))
    const filter = place.filter.text === '' ? '/ filter' : `/ filter: ${place.filter.text}`
    const top = [
      ...head,
      spread(
        ['   ', span('Who gets access?', 'bold')],
        [`${filter} ${glyphs.dot} ${candidates.length}`],
        width,
      ),
      ...(compact ? [] : [blank]),
      sourceTabs(totals, current, width),
      ...(compact ? [] : [blank, text(span(columnHeads(current, area), 'dim'))]),
      ...unread.map((part) => text(span(`! ${part.action} is not allowed here; + adds by ARN.`, 'warn'))),
    ]
    const height = Math.max(2, area.rows - 1 - (compact ? 4 : 5 + 3) - top.length - (compact ? 1 : 2))
    const rows = list(area, candidates, place.row, place.top, height, draw)
    const none =
      candidates.length === 0
        ? [text(place.filter.text === '' ? 'none in this account' : 'nothing matches; esc clears the filter')]
        : []
    return {
      body: [
        ...top,
        ...rows.lines,
        ...none,
        ...(compact ? [] : [blank]),
        spread(['   ', `Ticked: ${tickedSummary(model)}`], ['o show them'], width, glyphs.more),
      ],
      strip: strip(model, candidates[place.row], area),
      ...(rows.cursor === undefined ? {} : { cursor: { row: top.length + rows.cursor, column: 1 } }),
    }
  },

  footer: (model) => {
    const own = rowKeys(shownCandidates(model)[placeOf(model, 'people').row])
    const next = { keys: 'enter', does: 'next' }
    return [
      { keys: '?', does: 'help' },
      { keys: model.ascii ? 'up/down' : '↑↓', does: 'move' },
      { keys: 'space', does: 'tick' },
      next,
      { keys: 'tab', does: 'source' },
      ...own,
      { keys: 'a', does: 'all' },
      { keys: '/', does: 'filter' },
      { keys: 'n', does: 'none' },
      { keys: '+', does: 'add' },
      { keys: 'esc', does: 'back' },
      { keys: 'q', does: 'quit' },
    ]
  },
  help: [
    ['Move', '↑↓ j k row    PgUp PgDn page    g G ends'],
    ['Source', 'tab next    shift-tab the one before'],
    ['Choose', 'space tick    v range    a all shown    n none    i invert'],
    ['Add', '+ ARNs or names, typed or pasted'],
    ['Profiles', 's a role of its own, or share again'],
    ['', 'm the three ML activities for an execution role'],
    ['Sets', 'f how a permission set holds its grants'],
    ['Find', '/ filter by name    o everyone ticked'],
    ['Undo', 'u undo    ctrl-r redo'],
  ],
}

function rangeOf(model: Model, candidates: readonly Candidate[]): readonly Candidate[] | undefined {
  if (model.rangeFrom === undefined) return undefined
  const { row: at } = placeOf(model, 'people')
  return candidates.slice(Math.min(at, model.rangeFrom), Math.max(at, model.rangeFrom) + 1)
}
