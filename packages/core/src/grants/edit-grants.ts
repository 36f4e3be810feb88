import { isMap, parseDocument } from 'yaml'
import { type Content, type ContentMap, draftContent } from './draft-content.ts'
import { fingerprint } from './edit/align-lists.ts'
import { editMap, type TextEdit } from './edit/edit-text.ts'
import { type GrantsDraft, toDraft } from './grants-draft.ts'
import { parseGrants } from './parse-grants.ts'
import { writeGrants } from './write-grants.ts'

/**
 * Changes the text of a grants file so that it says what the draft says, and leaves the rest of it (comments, order,
 * spelling) as it was. Throws the text's own errors where it is no valid grants file.
 */
export function editGrants(text: string, draft: GrantsDraft): string {
  const before = contentOf(text)
  const after = draftContent(draft)
  if (fingerprint(before) === fingerprint(after)) return text
  const edited = isJson(text) ? editJson(text, before, after) : editYaml(text, before, after)
  // Odd spellings (anchors, explicit keys) can defeat an edit; the draft itself never loses to the text.
  return edited !== undefined && says(edited, after) ? edited : writeGrants(draft)
}

function contentOf(text: string): ContentMap {
  return draftContent(toDraft(parseGrants(text, 'grants.yaml', 'draft')))
}

function says(text: string, wanted: ContentMap): boolean {
  try {
    return fingerprint(contentOf(text)) === fingerprint(wanted)
  } catch {
    return false
  }
}

function editYaml(text: string, before: ContentMap, after: ContentMap): string | undefined {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n'
  const body = text.slice(mark.length)
  const whole = body.endsWith('\n') ? body : body + lineBreak
  const root = parseDocument(whole, { version: '1.2', schema: 'core' }).contents
  if (!isMap(root)) return undefined
  const edits = editMap(whole, root, before, after, true)
  return (
    mark +
    applyEdits(
      whole,
      edits.map((edit) => ({ ...edit, text: edit.text.replace(/\n/g, lineBreak) })),
    )
  )
}

function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = ''
  let place = 0
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(place, Math.max(place, edit.start)) + edit.text
    place = Math.max(place, edit.end)
  }
  return result + text.slice(place)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** JSON has no comments to keep: what changed is replaced, in the file's own order and indentation. */
function editJson(text: string, before: ContentMap, after: ContentMap): string {
  const indent = text.match(/^\s*\{\r?\n([ \t]+)/)?.[1]
  const merged = mergeJson(JSON.parse(text) as Content, before, after)
  return JSON.stringify(merged, null, indent) + (text.endsWith('\n') ? '\n' : '')
}

function mergeJson(written: Content | undefined, before: Content | undefined, after: Content): Content {
  if (written !== undefined && before !== undefined && fingerprint(before) === fingerprint(after))
    return written
  if (!isPlainMap(written) || !isPlainMap(before) || !isPlainMap(after)) return after
  const kept = Object.keys(written).filter((key) => key in after || !(key in before))
  const keys = [...new Set([...kept, ...Object.keys(after)])]
  return Object.fromEntries(
    keys.map((key) => [
      key,
      after[key] === undefined ? (written[key] ?? '') : mergeJson(written[key], before[key], after[key]),
    ]),
  )
}

function isPlainMap(value: Content | undefined): value is ContentMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
