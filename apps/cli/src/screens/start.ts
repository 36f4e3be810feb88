import type { Area, View } from '../ui/frame.ts'
import { column, type Line, line, span } from '../ui/line.ts'
import { moveCursor } from '../ui/scroll.ts'
import { count, fit } from '../ui/text.ts'
import type { Outcome } from '../wizard/effect.ts'
import { fieldOf } from '../wizard/field.ts'
import type { Key } from '../wizard/keys.ts'
import { type DraftInfo, type Model, placeOf, withPlace } from '../wizard/model.ts'
import { stepCount, stepOf } from '../wizard/steps.ts'
import { type LastRun, takingBack } from '../wizard/taking-back.ts'
import { blank, row, text } from './rows.ts'
import type { Screen } from './screen.ts'

interface Choice {
  readonly label: string
  readonly hint: string
  readonly shell: string
  readonly choose: (model: Model) => Outcome
}

/** What could be done first: the newest draft leads where there is one. */
function choicesOf(model: Model): readonly Choice[] {
  const [newest, ...older] = model.drafts
  return [
    ...(newest ? [continueChoice(newest, model)] : []),
    {
      label: 'Start a new setup',
      hint: `${stepCount} steps, about five minutes`,
      shell: 'mlflow-iam setup',
      choose: (now) => ({ model: freshDraft(now), go: 'account' }),
    },
    {
      label: 'Open a grants file',
      hint: 'edit and plan from grants.yaml',
      shell: 'mlflow-iam plan -f grants.yaml',
      choose: (now) => ({
        model: {
          ...now,
          overlay: {
            kind: 'input',
            purpose: 'open-file',
            title: 'Open which grants file?',
            hint: 'A path, relative to this folder.',
            field: fieldOf('grants.yaml'),
          },
        },
      }),
    },
    {
      label: 'Check access',
      hint: 'read-only: who can do what today',
      shell: 'mlflow-iam show',
      choose: (now) => ({ model: { ...freshDraft(now), checking: true }, go: 'account' }),
    },
    ...(model.lastRun ? [backChoice(model.lastRun, model)] : []),
    ...(older.length > 0 ? older.slice(0, 5).map((draft) => continueChoice(draft, model)) : []),
  ]
}

function backChoice(run: LastRun, model: Model): Choice {
  return {
    label: 'Roll back the last apply',
    hint: `${when(run.at, model)} · ${run.account} · ${count(run.changes, 'change')}`,
    shell: `mlflow-iam rollback ${run.journal}`,
    choose: (now) => ({ model: takingBack(freshDraft(now), run), go: 'account' }),
  }
}

function continueChoice(draft: DraftInfo, model: Model): Choice {
  const where = draft.alias ?? draft.account
  return {
    label: `Continue draft "${draft.name}"`,
    hint: [`step ${stepOf(draft.step)} ${title(draft.step)}`, where, `saved ${when(draft.savedAt, model)}`]
      .filter((part) => part !== undefined)
      .join(' · '),
    shell: `mlflow-iam --resume ${draft.name}`,
    choose: (now) => ({ model: now, effects: [{ type: 'open-draft', name: draft.name }] }),
  }
}

/** A new draft must not write over an old one of the same name. */
function freshDraft(model: Model): Model {
  const taken = new Set(model.drafts.map((draft) => draft.name))
  let name = model.edit.name
  for (let number = 2; taken.has(name); number += 1) name = `${model.edit.name}-${number}`
  return { ...model, edit: { ...model.edit, name } }
}

/** What the terminal can do and what else there is: in two columns where they fit. */
function terminalLines(model: Model, { glyphs, layout }: Area): readonly Line[] {
  const terminal = `${glyphs.yes} terminal ${model.columns}x${model.rows}, ${model.ascii ? 'ASCII' : 'UTF-8'}`
  const sent = `${glyphs.dot} nothing is sent before step ${stepOf('apply')}`
  const reader = `${glyphs.dot} screen reader or braille display?`
  if (layout === 'compact') return [text(`${reader} P, or --plain`), text(sent)]
  return [
    text(fit(terminal, 42, glyphs.more), sent),
    text(fit(reader, 42, glyphs.more), 'P, or restart with --plain'),
  ]
}

function title(step: string): string {
  return step.slice(0, 1).toUpperCase() + step.slice(1)
}
function when(iso: string, model: Model): string {
  const day = iso.slice(0, 10)
  return day === model.day ? `today ${iso.slice(11, 16)}` : day
}

/** The first screen: what this is, that nothing changes yet, and what to do. */
export const startScreen: Screen = {
  id: 'start',
  title: 'Start',
  enter: (model) => ({ model, effects: [{ type: 'load-drafts' }] }),

  onKey(model: Model, key: Key) {
    const choices = choicesOf(model)
    const place = placeOf(model)
    const moved = moveCursor(place.row, choices.length, key.name, 5)
    if (moved !== undefined) return { model: withPlace(model, { row: moved }) }
    if (key.name === 'enter' || key.name === 'space') return choices[place.row]?.choose(model) ?? { model }
    if (key.name === '>') return { model }
    return undefined
  },

  view(model: Model, area: Area): View {
    const choices = choicesOf(model)
    const place = placeOf(model)
    const usual = area.layout === 'compact' ? 30 : 34
    const room = area.columns - 4 - Math.max(...choices.map(({ hint }) => hint.length))
    const longest = Math.max(...choices.map(({ label }) => label.length))
    // Hints stand in one column, further left where one of them would be cut.
    const labelWidth = Math.min(usual, Math.max(room, longest + 2))
    const { glyphs } = area
    const drawn = choices.map((choice, index) =>
      row(area, index === place.row, column(choice.label, labelWidth, 'plain', glyphs.more), choice.hint),
    )
    const head = area.layout === 'compact' ? [] : [blank]
    return {
      body: [
        ...head,
        text(span('What would you like to do?', 'bold')),
        blank,
        ...drawn,
        blank,
        text('Drafts keep names and choices, never credentials.'),
        blank,
        ...terminalLines(model, area),
      ],
      strip: {
        title: 'The same from a shell',
        lines: [line(`   ${choices[place.row]?.shell ?? ''}${model.shellFlags}`)],
      },
      cursor: { row: head.length + 2 + place.row, column: 1 },
    }
  },

  footer: (model) => [
    { keys: '?', does: 'help' },
    { keys: model.ascii ? 'up/down' : '↑↓', does: 'move' },
    { keys: 'enter', does: 'choose' },
    { keys: 'P', does: 'plain mode' },
    { keys: 'q', does: 'quit' },
  ],
  help: [
    ['Move', '↑↓ j k row    g G ends'],
    ['Choose', 'enter open what is highlighted'],
    ['Other', 'P plain mode, for screen readers    q leave'],
  ],
}
