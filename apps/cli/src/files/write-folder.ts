import { dirname, join } from 'node:path'
import type { ExportedFile } from '@mlflow-iam/core/export/exporter'
import { fileExists, isThere, makeFolder, writeOutput } from './write-output.ts'

/** Writes an export's files below a folder. Looks first: where one exists and may not go, none is written. */
export function writeFolder(
  folder: string,
  files: readonly ExportedFile[],
  { force }: { readonly force: boolean },
): void {
  const taken = files.find(({ path }) => isThere(join(folder, path)))
  if (taken && !force) throw fileExists(join(folder, taken.path))
  makeFolder(folder)
  for (const { path, text, executable } of files) {
    const place = join(folder, path)
    makeFolder(dirname(place))
    writeOutput(place, text, { force, executable })
  }
}
