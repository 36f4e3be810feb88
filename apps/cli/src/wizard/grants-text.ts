import { editGrants } from '@mlflow-iam/core/grants/edit-grants'
import { type GrantsDraft, writeGrants } from '@mlflow-iam/core/grants/write-grants'
import { type Edit, grantsOf } from './edit.ts'

/** The grants file that says what was chosen. The same choices always give the same bytes. */
export function grantsText(edit: Edit): string {
  const known = texts.get(edit)
  if (known !== undefined) return known
  const text = write(edit)
  texts.set(edit, text)
  return text
}

const texts = new WeakMap<Edit, string>()

function write(edit: Edit): string {
  return writeGrants(draftOf(edit))
}

/** A grants file's own text, changed to say what was chosen; its comments and its order stay. */
export function editedGrants(text: string, edit: Edit): string {
  return editGrants(text, draftOf(edit))
}

function draftOf(edit: Edit): GrantsDraft {
  const { members: _, cells: __, ...said } = edit
  return { version: 1, ...said, grants: grantsOf(edit) }
}
