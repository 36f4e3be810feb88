import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Problem } from '@mlflow-iam/core/problem'
import { isState } from './account/is-state.ts'
import type { AccountState, SandboxState } from './account/state.ts'
import { takeFileLock } from './file-lock.ts'
import type { Storage } from './wire/storage.ts'

export interface StateFile {
  readonly state: SandboxState
  /** Tells one writing of the file from another. */
  readonly stamp: string | undefined
}

/** The state in a file; undefined where there is none. */
export async function readStateFile(path: string): Promise<StateFile | undefined> {
  let text: string
  let stamp: string | undefined
  try {
    stamp = await stampOf(path)
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw unreadable(path, (error as Error).message, error)
  }
  let state: unknown
  try {
    state = JSON.parse(text)
  } catch (error) {
    throw unreadable(path, 'It is not JSON.', error)
  }
  if (!isState(state)) throw unreadable(path, 'It does not hold the state of a sandbox.', undefined)
  return { state, stamp }
}

/** Writes beside the file and renames, so that a reader never meets half a state. Gives the new stamp. */
export async function writeStateFile(path: string, state: SandboxState): Promise<string | undefined> {
  const beside = `${path}.${process.pid}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeFile(beside, JSON.stringify(state), { mode: 0o600 })
    await chmod(beside, 0o600)
    await rename(beside, path)
    return await stampOf(path)
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw new Problem('SANDBOX_NOT_WRITTEN', `The sandbox's state cannot be written to ${path}.`, {
      why: (error as Error).message,
      fix: ['Make the folder writable, or set XDG_STATE_HOME to one that is.'],
      exit: 3,
      cause: error,
    })
  }
}

/** Keeps an account in a file: each change is on disk before it is answered, one process at a time. */
export function stateFileStorage(path: string, firstStamp: string | undefined): Storage {
  let known = firstStamp
  let turn: Promise<unknown> = Promise.resolve()

  async function newerState(): Promise<{ newer?: AccountState }> {
    const stamp = await stampOf(path).catch(() => undefined)
    if (stamp === undefined || stamp === known) return {}
    const file = await readStateFile(path)
    if (file === undefined) return {}
    known = file.stamp
    return { newer: file.state as AccountState }
  }

  return {
    // Within the process one request at a time: none may bring back a state that another has just changed.
    async begin(mode) {
      const { promise: finished, resolve: release } = signal()
      const before = turn
      turn = finished
      await before
      let unlock = async () => {}
      const done = async () => {
        await unlock()
        release()
      }
      try {
        if (mode === 'write') unlock = await takeFileLock(`${path}.lock`)
        const newer = await newerState()
        const finish = async (state: SandboxState) => {
          try {
            if (mode === 'write') known = await writeStateFile(path, state)
          } finally {
            await done()
          }
        }
        return { ...newer, finish }
      } catch (error) {
        await done()
        throw error
      }
    },
  }
}

function signal(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

async function stampOf(path: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(path)
  return `${ino}/${size}/${mtimeMs}`
}

function unreadable(path: string, why: string, cause: unknown): Problem {
  return new Problem('INVALID_SANDBOX_FILE', `The sandbox's state in ${path} cannot be read.`, {
    why,
    fix: ['Start anew with: mlflow-iam sandbox reset'],
    exit: 3,
    cause,
  })
}
