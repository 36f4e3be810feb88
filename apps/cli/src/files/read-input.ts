import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'

/** The most that any input file may hold; grants files have a tighter limit of their own. */
const mostBytes = 200_000_000

/** The bytes of an input file; `-` is standard input. A file that cannot be read is exit 3. */
export function readBytes(path: string, what: string): Buffer {
  try {
    return path === '-' ? readFileSync(0) : readRegular(path)
  } catch (error) {
    if (error instanceof Problem) throw error
    throw new Problem('CANNOT_READ', `Cannot read the ${what} ${JSON.stringify(path)}.`, {
      why: reason(error),
      fix: ['Check the path and its permissions.'],
      exit: exitCodes.badInput,
      cause: error,
    })
  }
}

/** The text of an input file. One that is no text is exit 3. */
export function readInput(path: string, what: string): string {
  const bytes = readBytes(path, what)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new Problem('NOT_TEXT', `The ${what} ${JSON.stringify(path)} is not text.`, {
      why: 'It holds bytes that are not UTF-8.',
      fix: ['Save it as UTF-8.'],
      exit: exitCodes.badInput,
      cause: error,
    })
  }
}

function readRegular(path: string): Buffer {
  const descriptor = openSync(path, 'r')
  try {
    const { size } = fstatSync(descriptor)
    if (size > mostBytes) {
      throw new Problem('TOO_LARGE', `${JSON.stringify(path)} is too large.`, {
        why: `It has ${size} bytes; at most ${mostBytes} are read.`,
        fix: ['Check that it is the right file.'],
        exit: exitCodes.badInput,
      })
    }
    return readFileSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file or folder.',
  EACCES: 'You may not read or write it.',
  EPERM: 'You may not read or write it.',
  EISDIR: 'It is a folder.',
  ENOTDIR: 'Part of its path is a file, not a folder.',
  EROFS: 'The file system is read-only.',
  ENOSPC: 'The disk is full.',
  ENAMETOOLONG: 'Its name is too long.',
  ELOOP: 'Its links go in a circle.',
}

/** Why the file system said no, in words. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  return words[code] ?? error.message
}
