import { type ExportFormat, exportFormats } from '@mlflow-iam/core/export/exporter'
import type { Area, KeyHint, View } from '../ui/frame.ts'
import { column, type Line, line, span } from '../ui/line.ts'
import { moveCursor } from '../ui/scroll.ts'
import { count, wrap } from '../ui/text.ts'
import { accountWord } from '../wizard/confirm.ts'
import type { Outcome } from '../wizard/effect.ts'
import { fieldOf } from '../wizard/field.ts'
import type { Key } from '../wizard/keys.ts'
import { loaded, type Model, placeOf, withPlace } from '../wizard/model.ts'
import { blank, radio, row, text, tick } from './rows.ts'

/** The formats on offer, and last the grants file itself. */
export const formats: readonly {
  readonly id: ExportFormat | 'grants'
  readonly label: string
  readonly hint: string
}[] = [
  ...(Object.keys(exportFormats) as ExportFormat[]).map((id) => ({ id, ...exportFormats[id] })),
  { id: 'grants', label: 'Grants file', hint: 're-plan any time: mlflow-iam plan -f grants.yaml' },
]
const extras = ['readme', 'dir'] as const

function folder(model: Model): string {
  return model.exporting.dir ?? `./mlflow-iam-${loaded(model.plan)?.plan.id ?? 'plan'}`
}

/** Renders the chosen format at once, so that its preview is what will be written. */
export function enterExport(model: Model): Outcome {
  const planned = loaded(model.plan)
  if (!planned) return { model }
  const { format, readme } = model.exporting
  const effect = {
    type: 'render-export' as const,
    plan: planned.plan,
    format: formats[format]?.id ?? 'shell',
    edit: model.edit,
    readme,
  }
  const { files: _, written: __, ...rest } = model.exporting
  return { model: { ...model, exporting: rest }, effects: [effect] }
}

export function exportOnKey(model: Model, key: Key): Outcome | undefined {
  const place = placeOf(model)
  const moved = moveCursor(place.row, formats.length + extras.length, key.name, 4)
  if (moved !== undefined) return { model: withPlace(model, { row: moved }) }
  const extra = extras[place.row - formats.length]
  const planned = loaded(model.plan)
  switch (key.name) {
    case 'space':
      if (extra === 'readme')
        return enterExport({ ...model, exporting: { ...model.exporting, readme: !model.exporting.readme } })
      if (extra === 'dir') return { model: askFolder(model) }
      return enterExport({ ...model, exporting: { ...model.exporting, format: place.row } })
    case 'enter': {
      if (extra === 'dir') return { model: askFolder(model) }
      const chosen = extra ? model.exporting.format : place.row
      const format = formats[chosen]?.id
      if (!planned || !format) return { model }
      const { readme } = model.exporting
      return {
        model: { ...model, exporting: { ...model.exporting, format: chosen } },
        effects: [
          { type: 'export', plan: planned.plan, format, dir: folder(model), edit: model.edit, readme },
        ],
      }
    }
    case 'o':
      return {
        model: {
          ...model,
          overlay: {
            kind: 'list',
            title: 'The policy that whoever runs it needs',
            lines: (model.exporting.runner ?? 'not worked out yet').split('\n'),
            top: 0,
          },
        },
      }
    case '>':
      return {
        model: {
          ...model,
          said: {
            text: 'Verify comes after applying: mlflow-iam verify -f grants.yaml does it later.',
            tone: 'plain',
          },
        },
      }
    default:
      return undefined
  }
}

function askFolder(model: Model): Model {
  return {
    ...model,
    overlay: {
      kind: 'input',
      purpose: 'export-dir',
      title: 'Write the files where?',
      hint: 'A folder; it is made where it does not exist.',
      field: fieldOf(folder(model)),
    },
  }
}

export function exportView(model: Model, area: Area): View {
  const compact = area.layout === 'compact'
  const { glyphs } = area
  const place = placeOf(model)
  const { exporting } = model
  const head: Line[] = compact ? [] : [blank, text(span('Hand it over instead of applying', 'bold')), blank]
  const rows = formats.map((format, index) =>
    row(
      area,
      index === place.row,
      `${radio(area, index === exporting.format)} `,
      column(format.label, 18),
      format.hint,
    ),
  )
  const at = place.row - formats.length
  const options = [
    row(area, at === 0, 'Add     ', `${tick(exporting.readme)} README: who runs it, and why`),
    row(area, at === 1, 'Into    ', folder(model)),
  ]
  const needs = exporting.runner
    ? count(
        (exporting.runner.match(/"(iam|sagemaker|sso|sts|identitystore|organizations):/g) ?? []).length,
        'action',
      )
    : 'some actions'
  const notes = exporting.written
    ? wrap(exporting.written, area.columns - 8).map((each) => text(span(each, 'ok')))
    : [
        text(`Whoever runs it needs ${needs}. o shows the policy to ask for.`),
        text(`The hand-over checks first that ${accountWord(model)} still is the account.`),
      ]
  const gap = compact ? [] : [blank]
  const files = exporting.files ?? []
  const main =
    files.find((file) => !file.path.startsWith('policies/') && file.path !== 'README.md') ?? files[0]
  const size = files.reduce((sum, file) => sum + file.bytes, 0)
  return {
    body: [...head, ...rows, ...gap, ...options, ...gap, ...notes.slice(0, 3)],
    strip: {
      title: `Preview: ${main?.path ?? formats[exporting.format]?.label ?? ''}`,
      ...(files.length > 0 ? { right: `${count(files.length, 'file')}, ${Math.ceil(size / 1024)} KB` } : {}),
      lines: [0, 1].map((index) =>
        line(`   ${main?.head[index] ?? (index === 0 ? 'being made' : glyphs.more)}`),
      ),
    },
    cursor: { row: head.length + (at >= 0 ? rows.length + gap.length + at : place.row), column: 1 },
  }
}

export function exportKeys(model: Model): readonly KeyHint[] {
  return [
    { keys: '?', does: 'help' },
    { keys: model.ascii ? 'up/down' : '↑↓', does: 'move' },
    { keys: 'space', does: 'choose' },
    { keys: 'enter', does: 'write files' },
    { keys: 'esc', does: 'back' },
    { keys: 'o', does: 'policy to ask for' },
    { keys: 'q', does: 'quit' },
  ]
}
