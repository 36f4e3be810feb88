import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ExportedFile } from '@mlflow-iam/core/export/exporter'

/** Writes files below a folder and says how large each is. */
export async function writeFiles(
  dir: string,
  files: readonly ExportedFile[],
): Promise<readonly { readonly path: string; readonly bytes: number }[]> {
  for (const file of files) {
    const path = join(dir, file.path)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, file.text, { mode: file.executable ? 0o755 : 0o644 })
  }
  return files.map((file) => ({ path: file.path, bytes: Buffer.byteLength(file.text) }))
}
