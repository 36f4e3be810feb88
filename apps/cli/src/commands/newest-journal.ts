import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { quoteForShell } from '@mlflow-iam/core/export/shell-quote'

/** The last journal that an apply left in a folder, as a line of advice; none where there is none. */
export function newestJournal(folder: string): readonly string[] {
  try {
    const [newest] = readdirSync(folder)
      .filter((name) => /^mlflow-iam-[0-9a-f]+\.journal\.jsonl$/.test(name))
      .map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }))
      .sort((a, b) => b.at - a.at)
    return newest === undefined ? [] : [`The newest here is ${quoteForShell(newest.name)}.`]
  } catch {
    return [] // A folder that cannot be read has no advice to give.
  }
}
