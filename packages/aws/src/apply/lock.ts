import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { homedir, hostname } from 'node:os'
import { join } from 'node:path'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import { isCode } from './journal-file.ts'

/** Who holds a lock. */
interface Holder {
  readonly process: number
  readonly host: string
  /** When that process started, where the system tells: a number that was given out again is another process. */
  readonly started: string | null
  readonly what: string
  readonly at: string
}

export interface Lock {
  release(): Promise<void>
}

/** The file that says "an apply is running" for an account, seen by every process with this state folder. */
export function accountLock(stateFolder: string | undefined, account: string, place: string): string {
  const folder =
    stateFolder ?? join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'mlflow-iam')
  const elsewhere = place === 'aws' ? '' : `-${createHash('sha256').update(place).digest('hex').slice(0, 8)}`
  return join(folder, 'locks', `${account}${elsewhere}.lock`)
}

/** Takes a lock, or says who has it. One whose process is gone does not block. */
export async function takeLock(path: string, what: string, now: number): Promise<Lock> {
  const mine: Holder = {
    process: process.pid,
    host: hostname(),
    started: await startOf(process.pid),
    what,
    at: new Date(now).toISOString(),
  }
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
  for (let turn = 0; turn < 5; turn += 1) {
    if (await create(path, mine)) return { release: () => rm(path, { force: true }) }
    const holder = await readHolder(path)
    if (holder === 'gone') continue
    if (holder !== 'unreadable' && (await isAlive(holder))) throw taken(path, holder)
    // Moved aside before it is removed: of two processes that find it stale, one gets it.
    const aside = `${path}.${process.pid}.stale`
    try {
      await rename(path, aside)
      await rm(aside, { force: true })
    } catch (error) {
      if (!isCode(error, 'ENOENT')) throw error
    }
  }
  throw taken(path, undefined)
}

async function create(path: string, holder: Holder): Promise<boolean> {
  try {
    const handle = await open(path, 'wx', 0o600)
    await handle.writeFile(JSON.stringify(holder)).finally(() => handle.close())
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw new Problem('LOCK_NOT_WRITABLE', `The lock ${path} cannot be written.`, {
      why: error instanceof Error ? error.message : String(error),
      fix: ['Make the folder writable, or set XDG_STATE_HOME to one that is.'],
      exit: exitCodes.badInput,
      cause: error,
    })
  }
}

async function readHolder(path: string): Promise<Holder | 'gone' | 'unreadable'> {
  // A lock is written right after it is created: one that is empty may be a moment old.
  for (let look = 0; look < 20; look += 1) {
    try {
      const value: unknown = JSON.parse(await readFile(path, 'utf8'))
      if (typeof value === 'object' && value !== null && 'process' in value && 'host' in value)
        return value as Holder
    } catch (error) {
      if (isCode(error, 'ENOENT')) return 'gone'
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return 'unreadable'
}

/** A process on another host cannot be looked at, and counts as running. */
async function isAlive(holder: Holder): Promise<boolean> {
  if (holder.host !== hostname()) return true
  try {
    process.kill(holder.process, 0)
  } catch (error) {
    if (!isCode(error, 'EPERM')) return false
  }
  const started = await startOf(holder.process)
  return holder.started === null || started === null || started === holder.started
}

/** The process's start in clock ticks since boot, from Linux's /proc; null elsewhere. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

function taken(path: string, holder: Holder | undefined): Problem {
  const who = holder === undefined ? 'Another process' : `Process ${holder.process} on ${holder.host}`
  return new Problem('APPLY_RUNNING', 'Another apply is running on this account, so nothing was sent.', {
    why: `${who} holds the lock ${path}${holder === undefined ? '' : ` since ${holder.at} (${holder.what})`}.`,
    fix: [
      'Wait until it has ended, then run the command again.',
      `If that process is certainly gone, remove the lock: rm ${path}`,
    ],
    exit: exitCodes.needsAnswer,
  })
}
