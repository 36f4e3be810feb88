import { mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '@mlflow-iam/core/problem'

const patience = 10_000

/** Waits until no other process holds the lock, takes it, and gives what lets it go. */
export async function takeFileLock(path: string): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  for (let waited = 0; waited < patience; waited += 10) {
    try {
      const file = await open(path, 'wx', 0o600)
      await file.writeFile(String(process.pid))
      await file.close()
      return () => rm(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    if (await isAbandoned(path)) await rm(path, { force: true })
    else await sleep(10)
  }
  throw new Problem('SANDBOX_BUSY', 'Another process keeps the sandbox busy.', {
    why: `The lock ${path} was held for ${patience / 1000} seconds.`,
    fix: ['End the other process, or delete the lock if there is none.'],
    exit: 3,
  })
}

/** A lock whose process is gone holds nobody up; one without a process yet gets a second to be written. */
async function isAbandoned(path: string): Promise<boolean> {
  try {
    const holder = Number(await readFile(path, 'utf8'))
    if (!(holder > 0)) return Date.now() - (await stat(path)).mtimeMs > 1000
    process.kill(holder, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
