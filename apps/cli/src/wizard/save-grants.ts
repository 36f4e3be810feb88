import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseGrants } from '@mlflow-iam/core/grants/parse-grants'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import { writeAtomically } from './drafts.ts'
import type { Edit } from './edit.ts'
import { editedGrants, grantsText } from './grants-text.ts'

/** Replaces a grants file only when it holds grants of the same name; its comments and order stay. */
export async function saveGrants(path: string, named: string, edit: Edit): Promise<void> {
  const there = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (there === undefined) {
    await mkdir(dirname(path), { recursive: true })
    return writeAtomically(path, grantsText(edit), 0o644)
  }
  if (ownerOf(there, path) !== edit.name) {
    throw new Problem('FILE_EXISTS', `${named} exists and is not a grants file of the name ${edit.name}.`, {
      why: 'Replacing it could lose what someone else wrote.',
      fix: ['Save under another name.'],
      exit: exitCodes.fileExists,
    })
  }
  await writeAtomically(path, editedGrants(there, edit), 0o644)
}

function ownerOf(text: string, path: string): string | undefined {
  try {
    return parseGrants(text, path, 'draft').name
  } catch {
    return undefined
  }
}
