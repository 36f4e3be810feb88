import { type Dirent, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { SourceFile } from '@mlflow-iam/core/suggest/read-sources'
import { readInput, reason } from './read-input.ts'

const skipped = new Set(['node_modules', '__pycache__', 'site-packages', 'venv', '.venv'])

/** The Python files and notebooks that these words mean; folders are searched. `-` is Python on standard input. */
export function collectSources(words: readonly string[]): readonly SourceFile[] {
  return words.flatMap((word) => {
    if (word === '-') return [{ name: 'stdin.py', text: readInput('-', 'source') }]
    return (isFolder(word) ? listSources(word) : [word]).map((name) => ({
      name,
      text: readInput(name, 'source'),
    }))
  })
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

/** Sorted, without hidden folders, links and installed packages. */
function listSources(folder: string): string[] {
  const entries: Dirent[] = readdirSync(folder, { withFileTypes: true })
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory())
        return skipped.has(entry.name) || entry.name.startsWith('.') ? [] : listSources(path)
      return entry.isFile() && /\.(py|ipynb)$/.test(entry.name) ? [path] : []
    })
}
