import type { CodeReading, Undecided } from './code-reading.ts'
import { readCells } from './notebook-cells.ts'
import { readModules } from './read-python.ts'
import { replaceMagics } from './replace-magics.ts'
import { type SourceUnit, sourceUnit } from './source-unit.ts'

/** Finds the MLflow calls of a notebook (.ipynb). Its cells share their names; a broken cell stops nothing. */
export function readNotebook(text: string, file: string): CodeReading {
  const { units, undecided } = notebookUnits(text, file)
  const reading = readModules([units])
  return { calls: reading.calls, undecided: [...undecided, ...reading.undecided] }
}

/** The code cells of a notebook, ready to be read together, and what they do outside Python. */
export function notebookUnits(
  text: string,
  file: string,
): { readonly units: readonly SourceUnit[]; readonly undecided: readonly Undecided[] } {
  const notebook = readCells(text)
  const undecided: Undecided[] = []
  if (!notebook.isWhole) {
    undecided.push({
      at: `${file}:1`,
      why: 'The notebook is cut off or is no notebook; what is there was read.',
    })
  }
  if (notebook.language && !/python/i.test(notebook.language)) {
    undecided.push({
      at: `${file}:1`,
      why: `The notebook is written in ${notebook.language}, which is not read.`,
    })
    return { units: [], undecided }
  }
  const units: SourceUnit[] = []
  for (const cell of notebook.cells) {
    if (cell.kind !== 'code') continue
    const { python, hidden } = replaceMagics(cell.text)
    units.push(sourceUnit(python, file, cell.number, cell.lines))
    for (const { row, why } of hidden) undecided.push({ at: `${file}:${cell.lines[row] ?? 1}`, why })
  }
  return { units, undecided }
}
