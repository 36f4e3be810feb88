import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LastRun } from './taking-back.ts'

/** Longer journals are taken back from a shell: reading them would hold up the first screen. */
const mostBytes = 16_000_000

/** The last apply of a folder whose changes are still there. Journals that cannot be read are passed over. */
export async function findLastRun(folder: string): Promise<LastRun | undefined> {
  const names = (await readdir(folder).catch(() => [])).filter((name) =>
    /^mlflow-iam-.*\.journal\.jsonl$/.test(name),
  )
  const found = await Promise.all(
    names.map(async (name) => ({ name, facts: await stat(join(folder, name)).catch(() => undefined) })),
  )
  const newest = found
    .flatMap(({ name, facts }) =>
      facts?.isFile() && facts.size <= mostBytes ? [{ name, at: facts.mtimeMs }] : [],
    )
    .sort((a, b) => b.at - a.at)
  const { readJournal } = await import('@mlflow-iam/core/journal/read-journal')
  for (const { name } of newest.slice(0, 5)) {
    try {
      const { header, steps, rolledBackBy } = readJournal(await readFile(join(folder, name), 'utf8'), name)
      const changes = steps.filter((step) => step.state === 'done').length
      if (header.kind !== 'apply' || rolledBackBy !== undefined || changes === 0) continue
      return { journal: join(folder, name), at: header.at, account: header.plan.account, changes }
    } catch {}
  }
  return undefined
}
