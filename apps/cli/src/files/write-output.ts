import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import { reason } from './read-input.ts'

export interface WriteOptions {
  /** Replaces a file that exists; otherwise that is exit 11. */
  readonly force: boolean
  readonly executable?: boolean
  /** Readable by its owner only. */
  readonly secret?: boolean
}

/**
 * Writes a file whole or not at all: to a neighbour first, then under its name. Exit 11 where the file exists,
 * 3 where it cannot be written. Devices and pipes (`/dev/stdout`, `>(…)`) are written as they are.
 */
export function writeOutput(path: string, text: string, options: WriteOptions): void {
  const there = kindOf(path)
  if (there === 'file' && !options.force) throw fileExists(path)
  try {
    if (there === 'other') writeFileSync(path, text)
    else writeAtomically(resolve(path), text, options)
  } catch (error) {
    if (error instanceof Problem) throw error
    throw cannotWrite(path, error)
  }
}

/** Says before any work is done that a file could not be written afterwards. */
export function checkWritable(path: string, options: WriteOptions): void {
  const there = kindOf(path)
  if (there === 'file' && !options.force) throw fileExists(path)
  if (there === 'folder') throw cannotWrite(path, Object.assign(new Error(), { code: 'EISDIR' }))
  if (there === 'other') return
  try {
    accessSync(dirname(resolve(path)), constants.W_OK)
  } catch (error) {
    throw cannotWrite(path, error)
  }
}

/** Something stands under this name already. */
export function isThere(path: string): boolean {
  return kindOf(path) !== 'nothing'
}

/** Makes a folder and those above it. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    throw cannotWrite(path, error)
  }
}

/** Exit 11: the file is there and nobody said that it may go. */
export function fileExists(path: string): Problem {
  return new Problem('FILE_EXISTS', `${JSON.stringify(path)} exists already.`, {
    why: 'It was not written by this run, so it is left as it is.',
    fix: ['Choose another name, or replace it with --force.'],
    exit: exitCodes.fileExists,
  })
}

function cannotWrite(path: string, error: unknown): Problem {
  return new Problem('CANNOT_WRITE', `Cannot write ${JSON.stringify(path)}.`, {
    why: reason(error),
    fix: ['Choose another place, or change its permissions.'],
    exit: exitCodes.badInput,
    cause: error,
  })
}

function kindOf(path: string): 'nothing' | 'file' | 'folder' | 'other' {
  try {
    const stats = statSync(path)
    return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other'
  } catch {
    return isLinkToNowhere(path) ? 'file' : 'nothing'
  }
}

/** Its name is taken, so it counts as a file that exists. */
function isLinkToNowhere(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}

function writeAtomically(path: string, text: string, { force, executable, secret }: WriteOptions): void {
  const neighbour = join(dirname(path), `.${basename(path).slice(0, 200)}.${process.pid}.tmp`)
  const descriptor = openSync(neighbour, 'wx', secret ? 0o600 : 0o666)
  try {
    let rest = Buffer.from(text)
    while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest))
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  try {
    if (executable) chmodSync(neighbour, 0o755)
    if (force) renameSync(neighbour, path)
    else linkUnlessThere(neighbour, path)
  } catch (error) {
    unlinkSync(neighbour)
    throw error
  }
}

/** A rename would replace what appeared meanwhile; a link refuses. File systems without links fall back. */
function linkUnlessThere(neighbour: string, path: string): void {
  try {
    linkSync(neighbour, path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST') throw fileExists(path)
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EMLINK') throw error
    renameSync(neighbour, path)
    return
  }
  unlinkSync(neighbour)
}
