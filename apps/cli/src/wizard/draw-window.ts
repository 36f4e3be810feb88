import type { Screen } from '../screens/screen.ts'
import { type Area, composeFrame, type Frame, type KeyHint, type View } from '../ui/frame.ts'
import { type Line, line, type Piece, span } from '../ui/line.ts'
import { areaOf } from './area.ts'
import { isOnSandbox, loaded, type Model } from './model.ts'
import { stepCount, stepOf } from './steps.ts'
import { isTooSmall, smallest } from './window-size.ts'

/** What lies over a screen, and the keys that it knows. */
export interface Sheet {
  readonly view: View
  readonly footer: readonly KeyHint[]
}

/** One screen and all around it as lines. `steps` are the screens that the line of steps names. */
export function drawWindow(model: Model, screen: Screen, steps: readonly Screen[], sheet?: Sheet): Frame {
  const area = areaOf(model)
  if (isTooSmall(model)) return tooSmall(model)
  const typing = model.places[model.actions && model.screen === 'access' ? 'actions' : model.screen]?.typing
  return composeFrame(area, {
    header: { left: headerLeft(model, area), right: headerRight(model) },
    steps: stepLine(model, area, steps),
    compactRight: model.screen === 'start' ? '' : `step ${stepOf(model.screen)} of ${stepCount}`,
    footer: sheet ? sheet.footer : typing ? typingKeys(model) : screen.footer(model),
    view: sheet ? sheet.view : screen.view(model, area),
    ...(model.said ? { said: span(model.said.text, model.said.tone === 'warn' ? 'warn' : 'bold') } : {}),
  })
}

function typingKeys(model: Model): readonly KeyHint[] {
  return [
    { keys: 'type', does: 'to filter' },
    { keys: 'enter', does: 'keep' },
    { keys: 'esc', does: 'clear' },
    { keys: model.ascii ? 'up/down' : '↑↓', does: 'move' },
  ]
}

function headerLeft(model: Model, area: Area): readonly Piece[] {
  if (model.screen === 'start')
    return [span('mlflow-iam', 'bold'), ...(isOnSandbox(model) ? ['   sandbox'] : [])]
  const identity = loaded(model.identity)
  const dot = area.glyphs.dot
  if (!identity) return [span('mlflow-iam', 'bold'), '   no account yet']
  const name = identity.alias ? `${identity.alias} ${identity.account}` : identity.account
  const where = `${name} ${dot} ${model.edit.region ?? identity.region}`
  if (area.layout === 'compact') return [span(where, 'bold')]
  const who =
    area.layout === 'wide' ? ` ${dot} as ${identity.arn.slice(identity.arn.lastIndexOf(':') + 1)}` : ''
  return [span('mlflow-iam', 'bold'), `   ${where}${who}`]
}

function headerRight(model: Model): string {
  if (model.screen === 'start') return 'MLflow on Amazon SageMaker AI'
  if (!model.saved) return ''
  return model.columns >= 110 ? `draft ${model.edit.name} · saved ${model.saved}` : `saved ${model.saved}`
}

function stepLine(model: Model, area: Area, steps: readonly Screen[]): Line {
  if (model.screen === 'start')
    return line(` Nothing changes in AWS until you confirm at step ${stepOf('apply')}.`)
  const pieces: Piece[] = [' ']
  for (const [index, screen] of steps.entries()) {
    if (index > 0) pieces.push(` ${area.glyphs.step} `)
    pieces.push(screen.id === model.screen ? span(`[${screen.title}]`, 'accent') : screen.title)
  }
  return line(...pieces)
}

function tooSmall(model: Model): Frame {
  const width = Math.max(1, model.columns - 1)
  const words = [
    `This window is ${model.columns}x${model.rows}. The wizard needs ${smallest.columns}x${smallest.rows}; 80x24 is comfortable.`,
    'why  People, servers and keys do not fit side by side below that.',
    'fix  Enlarge it, or press P for plain mode here. The draft is saved.',
  ]
  const lines = words.flatMap((each) => foldWords(each, width)).slice(0, Math.max(1, model.rows - 1))
  return { lines: lines.map((each) => line(each)) }
}

function foldWords(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let current = ''
  for (const word of text.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current)
      current = word
    } else current = current === '' ? word : `${current} ${word}`
  }
  return [...lines, current].map((each) => each.slice(0, width))
}
