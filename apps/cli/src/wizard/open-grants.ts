import { parseGrants } from '@mlflow-iam/core/grants/parse-grants'
import { readBytes } from '../files/read-input.ts'
import type { DraftSession } from './drafts.ts'
import { type Edit, editOf } from './edit.ts'

/** The choices that a grants file holds. `named` is its path as the person typed it, for what is wrong in it. */
export function openGrants(path: string, named: string): Edit {
  // Bytes that are no text become U+FFFD, which the parser complains about at its place.
  const text = new TextDecoder().decode(readBytes(path, 'grants file'))
  return editOf(parseGrants(text, named, 'draft'), () => undefined)
}

/** The choices that a draft holds: its session knows which principals the names meant. */
export function editOfDraft(name: string, text: string, session: DraftSession | undefined): Edit {
  const byRef = new Map(
    session?.members.flatMap((member) => member.refs.map((ref) => [ref, member.arn] as const)),
  )
  return editOf(parseGrants(text, `${name}.yaml`, 'draft'), (ref) => byRef.get(ref))
}
