import { createReadStream, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import { createTrailReader, type TrailUsage } from '@mlflow-iam/core/suggest/read-cloudtrail'
import { reason } from './read-input.ts'

/**
 * Reads CloudTrail records as they stream by, gzipped ones too; `-` is standard input, and of a folder (a trail's
 * bucket as it was copied) every file of records is read.
 */
export async function readTrails(paths: readonly string[]): Promise<TrailUsage> {
  const reader = createTrailReader()
  for (const path of paths) {
    for (const file of guarded(path, () => listTrails(path))) {
      try {
        for await (const text of textOf(file)) reader.push(text)
        reader.endFile()
      } catch (error) {
        throw cannotRead(file, error)
      }
    }
  }
  const usage = reader.usage()
  if (usage.records === 0 && usage.broken > 0) throw noRecords(paths)
  return usage
}

/** Some broken records among others are counted; where nothing else is there, the wrong file was named. */
function noRecords(paths: readonly string[]): Problem {
  return new Problem('NOT_RECORDS', `There is no CloudTrail record in ${paths.join(', ')}.`, {
    why: 'What is there is no JSON, cut off, or of another kind.',
    fix: ["Name files from the trail's bucket, a copy of that folder, or what CloudTrail Lake exported."],
    exit: exitCodes.badInput,
  })
}

/** The names that records have in a trail's bucket, in lakes and in log exports. */
export function isTrailName(name: string): boolean {
  return /\.(jsonl?|gz|ndjson|csv)$/i.test(name)
}

function listTrails(path: string): readonly string[] {
  if (path === '-' || !statSync(path).isDirectory()) return [path]
  const files: string[] = []
  const folders = [path]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const inside = join(folder, entry.name)
      // Digests prove that files are whole; they hold no records.
      if (entry.isDirectory() && entry.name !== 'CloudTrail-Digest') folders.push(inside)
      else if (entry.isFile() && isTrailName(entry.name)) files.push(inside)
    }
  }
  return files.sort()
}

async function* textOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const chunk of await unpacked(path)) yield decoder.decode(chunk as Buffer, { stream: true })
  yield decoder.decode()
}

/** What gzip is, its first two bytes say, whatever the name. */
async function unpacked(path: string): Promise<Readable> {
  const file = path === '-' ? process.stdin : createReadStream(path)
  const chunks = file[Symbol.asyncIterator]()
  const first = await chunks.next()
  if (first.done) return Readable.from([])
  const [one, two] = first.value as Buffer
  const whole = Readable.from(after(first.value, chunks), { objectMode: false })
  if (one !== 0x1f || (two !== undefined && two !== 0x8b)) return whole
  // A broken stream is told to whoever reads its end.
  return pipeline(whole, createGunzip(), () => undefined)
}

async function* after(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}

function guarded<Value>(path: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    throw cannotRead(path, error)
  }
}

function cannotRead(path: string, error: unknown): Problem {
  return new Problem('CANNOT_READ', `Cannot read the records ${JSON.stringify(path)}.`, {
    why: reason(error),
    fix: ['Check the path; gzipped files must be whole.'],
    exit: exitCodes.badInput,
    cause: error,
  })
}
