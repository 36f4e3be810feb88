import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import { createTrailReader, type TrailUsage } from '@mlflow-iam/core/suggest/read-cloudtrail'
import { reason } from './read-input.ts'

/** Reads CloudTrail records as they stream by, gzipped ones too; `-` is standard input. */
export async function readTrails(paths: readonly string[]): Promise<TrailUsage> {
  const reader = createTrailReader()
  for (const path of paths) {
    try {
      const file = path === '-' ? process.stdin : createReadStream(path)
      const stream = path.endsWith('.gz') ? file.pipe(createGunzip()) : file
      file.on('error', (error: Error) => stream.destroy(error))
      stream.setEncoding('utf8')
      for await (const chunk of stream) reader.push(String(chunk))
      reader.endFile()
    } catch (error) {
      throw new Problem('CANNOT_READ', `Cannot read the records ${JSON.stringify(path)}.`, {
        why: reason(error),
        fix: ['Check the path; .gz files must be gzip.'],
        exit: exitCodes.badInput,
        cause: error,
      })
    }
  }
  return reader.usage()
}
