import type { CodeReading, Undecided } from './code-reading.ts'
import { notebookUnits } from './read-notebook.ts'
import { readModules } from './read-python.ts'
import { type SourceUnit, sourceUnit } from './source-unit.ts'

/** A file to read for MLflow calls: Python, or a notebook where its name ends in `.ipynb`. */
export interface SourceFile {
  /** As it shall stand in reports. */
  readonly name: string
  readonly text: string
}

const largest = 20_000_000

/** Finds the MLflow calls of files that belong together. */
export function readSources(files: readonly SourceFile[]): CodeReading {
  const modules: (readonly SourceUnit[])[] = []
  const undecided: Undecided[] = []
  for (const { name, text } of files) {
    if (text.length > largest && !name.endsWith('.ipynb')) {
      undecided.push({ at: `${name}:1`, why: 'The file is larger than 20 MB and is not read.' })
      continue
    }
    if (name.endsWith('.ipynb')) {
      const notebook = notebookUnits(text, name)
      modules.push(notebook.units)
      undecided.push(...notebook.undecided)
    } else modules.push([sourceUnit(text.replace(/^\uFEFF/, ''), name)])
  }
  const reading = readModules(modules)
  return { calls: reading.calls, undecided: [...undecided, ...reading.undecided] }
}
