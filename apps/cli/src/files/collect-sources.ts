import { type Dirent, readdirSync, statSync } from 'node:fs'
import { join, normalize } from 'node:path'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { Undecided } from '@mlflow-iam/core/suggest/code-reading'
import type { SourceFile } from '@mlflow-iam/core/suggest/read-sources'
import { readInput, reason } from './read-input.ts'

export interface Sources {
  readonly files: readonly SourceFile[]
  /** What was found in folders and could not be read. */
  readonly undecided: readonly Undecided[]
}

const skipped = new Set(['node_modules', '__pycache__', 'site-packages', 'venv', '.venv'])

/**
 * The Python files and notebooks that these words mean; folders are searched. `-` is Python on standard input. A file
 * that is named must be readable; one that is found in a folder is told and passed over.
 */
export function collectSources(words: readonly string[]): Sources {
  const files = new Map<string, SourceFile>()
  const undecided: Undecided[] = []
  for (const word of words) {
    if (word === '-') files.set('-', { name: 'stdin.py', text: readInput('-', 'source') })
    else if (isFolder(word)) searchFolder(word, files, undecided)
    else files.set(normalize(word), { name: word, text: readInput(word, 'source') })
  }
  return { files: [...files.values()], undecided }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    throw new Problem('CANNOT_READ', `Cannot read the source ${JSON.stringify(path)}.`, {
      why: reason(error),
      fix: ['Check the path.'],
      exit: exitCodes.badInput,
      cause: error,
    })
  }
}

/** Sorted, without hidden folders and installed packages. */
function searchFolder(folder: string, files: Map<string, SourceFile>, undecided: Undecided[]): void {
  for (const entry of entriesOf(folder, undecided)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name) && !entry.name.startsWith('.')) searchFolder(path, files, undecided)
    } else if (isSource(entry, path, undecided) && !files.has(path)) {
      const text = readFound(path, undecided)
      if (text !== undefined) files.set(path, { name: path, text })
    }
  }
}

function entriesOf(folder: string, undecided: Undecided[]): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    undecided.push({ at: folder, why: `The folder was not searched. ${reason(error)}` })
    return []
  }
}

/** Links are followed to files, never to folders, where they might go in a circle. */
function isSource(entry: Dirent, path: string, undecided: Undecided[]): boolean {
  const isNamedSo = /\.(py|ipynb)$/.test(entry.name)
  if (!entry.isSymbolicLink()) return isNamedSo && entry.isFile()
  try {
    const stats = statSync(path)
    if (stats.isDirectory()) {
      undecided.push({ at: path, why: 'The folder behind this link was not searched: name it to read it.' })
    }
    return isNamedSo && stats.isFile()
  } catch (error) {
    if (isNamedSo) undecided.push({ at: `${path}:1`, why: `The file was not read. ${reason(error)}` })
    return false
  }
}

function readFound(path: string, undecided: Undecided[]): string | undefined {
  try {
    return readInput(path, 'source')
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    undecided.push({ at: `${path}:1`, why: `The file was not read. ${error.why}` })
    return undefined
  }
}
