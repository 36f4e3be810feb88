import { constants } from 'node:fs'
import { type FileHandle, open, readFile, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { quoteForShell } from '@mlflow-iam/core/export/shell-quote'
import {
  type JournalHeader,
  type JournalLine,
  journalLine,
  journalPieces,
} from '@mlflow-iam/core/journal/journal'
import { isBeginning, type Journal, readJournal } from '@mlflow-iam/core/journal/read-journal'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'

/** An open journal. A line counts as written once it is on the disk. */
export interface JournalFile {
  readonly path: string
  /** Resolves when the line has been flushed. Lines that come together are flushed together. */
  write(line: JournalLine): Promise<void>
  close(): Promise<void>
}

/** Reads a journal from the disk. */
export async function loadJournal(path: string): Promise<Journal> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw unreadable(path, cause)
  }
  return readJournal(text, path)
}

/** Creates the journal of a new run; an unfinished one of the same name must be resumed first. */
export async function createJournal(wanted: string, header: JournalHeader): Promise<JournalFile> {
  const path = await freeName(wanted)
  let handle: FileHandle
  try {
    await rm(path, { force: true }) // at most the beginning of a first line, of a run that sent nothing
    handle = await open(
      path,
      constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_APPEND,
      0o600,
    )
  } catch (cause) {
    throw unwritable(path, cause)
  }
  const file = writer(path, handle)
  try {
    await writeHeader(handle, header)
    await flushFolder(dirname(path))
  } catch (cause) {
    await file.close().catch(() => undefined)
    throw unwritable(path, cause)
  }
  return file
}

/** Writes the first line a little at a time. Torn, it is the journal of a run that sent nothing. */
async function writeHeader(handle: FileHandle, header: JournalHeader): Promise<void> {
  let pending = ''
  for (const piece of journalPieces(header)) {
    pending += piece
    if (pending.length < pieceSize) continue
    await handle.appendFile(pending)
    pending = ''
  }
  await handle.appendFile(pending)
  await handle.datasync()
}

const pieceSize = 1 << 16

/** Opens a journal to go on with it. A torn last line is cut off first, so that the next one stands alone. */
export async function reopenJournal(path: string, journal: Journal): Promise<JournalFile> {
  try {
    const handle = await open(path, constants.O_RDWR | constants.O_APPEND)
    if (journal.torn) await handle.truncate(journal.bytes)
    const last = Buffer.alloc(1)
    if (journal.bytes > 0) await handle.read(last, 0, 1, journal.bytes - 1)
    if (last.toString() !== '\n') await handle.write('\n')
    await handle.datasync()
    return writer(path, handle)
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

/** Notes in a journal that its run was taken back, so that the same plan may be applied anew. */
export async function markRolledBack(path: string, by: string, at: string): Promise<void> {
  const file = await reopenJournal(path, await loadJournal(path))
  await file.write({ event: 'rolled-back', by: basename(by), at }).finally(() => file.close())
}

/** `mlflow-iam-1a2b.journal.jsonl`, and with a suffix `mlflow-iam-1a2b-rollback.journal.jsonl`. */
export function suffixed(path: string, suffix: string): string {
  const name = basename(path)
  const dot = name.endsWith('.journal.jsonl') ? name.length - '.journal.jsonl'.length : name.indexOf('.', 1)
  const stem = dot > 0 ? name.slice(0, dot) : name
  return join(dirname(path), `${stem}-${suffix}${name.slice(stem.length)}`)
}

/**
 * The name under which a new journal may be created. Throws (exit 4, with the line that resumes) where an
 * unfinished one is in the way, and (exit 11) where something else is.
 */
export async function freeName(wanted: string): Promise<string> {
  for (let turn = 1; ; turn += 1) {
    const path = turn === 1 ? wanted : suffixed(wanted, String(turn))
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch (cause) {
      if (isCode(cause, 'ENOENT')) return path
      throw unwritable(path, cause)
    }
    if (isBeginning(text)) return path
    const journal = tryRead(text, path)
    if (journal === undefined) {
      throw new Problem('FILE_EXISTS', `${path} exists and is not a journal that was finished.`, {
        why: 'A journal is never written over.',
        fix: ['Move the file away, or name another with --journal.'],
        exit: exitCodes.fileExists,
      })
    }
    if (!journal.finished && journal.rolledBackBy === undefined) {
      throw new Problem('UNFINISHED_JOURNAL', `This plan was begun before and is not finished: ${path}.`, {
        why: 'Starting it again from the top could repeat what is done and hide what is not.',
        fix: [
          `mlflow-iam apply --resume ${quoteForShell(path)}`,
          `mlflow-iam rollback ${quoteForShell(path)}`,
        ],
        exit: exitCodes.needsAnswer,
      })
    }
  }
}

function tryRead(text: string, path: string): Journal | undefined {
  try {
    return readJournal(text, path)
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}

function writer(path: string, handle: FileHandle): JournalFile {
  let waiting: { text: string; done: () => void; failed: (reason: unknown) => void }[] = []
  let flushing: Promise<void> | undefined
  const flush = async () => {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await handle.appendFile(batch.map(({ text }) => text).join(''))
        await handle.datasync()
        for (const { done } of batch) done()
      } catch (cause) {
        for (const { failed } of batch) failed(unwritable(path, cause))
      }
    }
    flushing = undefined
  }
  return {
    path,
    write: (line) =>
      new Promise((done, failed) => {
        waiting.push({ text: journalLine(line), done, failed })
        flushing ??= flush()
      }),
    async close() {
      await flushing
      await handle.close()
    },
  }
}

/** Makes the file's name itself survive a power cut. Not every system allows it. */
async function flushFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r')
    await handle.sync().finally(() => handle.close())
  } catch (error) {
    if (!isCode(error, 'EISDIR', 'EPERM', 'EINVAL', 'EACCES', 'ENOTSUP')) throw error
  }
}

function unwritable(path: string, cause: unknown): Problem {
  if (cause instanceof Problem) return cause
  return new Problem('JOURNAL_NOT_WRITABLE', `The journal ${path} cannot be written.`, {
    why: `${cause instanceof Error ? cause.message : String(cause)}. Without a journal nothing is sent.`,
    fix: ['Run the command in a folder that you may write to, or name a file with --journal.'],
    exit: exitCodes.badInput,
    cause,
  })
}

function unreadable(path: string, cause: unknown): Problem {
  return new Problem('JOURNAL_NOT_READABLE', `The journal ${path} cannot be read.`, {
    why: isCode(cause, 'ENOENT')
      ? 'There is no such file.'
      : `${cause instanceof Error ? cause.message : cause}.`,
    fix: ['Give the journal that `apply` named.'],
    exit: exitCodes.badInput,
    cause,
  })
}

/** True for a file system error with one of the codes. */
export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
