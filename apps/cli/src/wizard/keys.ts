/** One key as the wizard sees it. `name` is always set; `text` where it types a character; `paste` for pasted text. */
export interface Key {
  readonly name: string
  readonly text?: string
  readonly paste?: string
}

const sequences: Readonly<Record<string, string>> = {
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  '[H': 'home',
  '[F': 'end',
  OH: 'home',
  OF: 'end',
  '[1~': 'home',
  '[4~': 'end',
  '[7~': 'home',
  '[8~': 'end',
  '[2~': 'insert',
  '[3~': 'delete',
  '[5~': 'pageup',
  '[6~': 'pagedown',
  '[Z': 'shift-tab',
}

const controls: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\u007f': 'backspace',
}

const pasteStart = '\u001b[200~'
const pasteEnd = '\u001b[201~'

/**
 * Splits what the terminal sent into keys, in order. Held keys and quick typing arrive as one chunk; `rest` is the
 * unfinished end (half an escape sequence, an open paste) to put before the next chunk. With `final`, nothing more
 * is coming and a lone escape is the Escape key.
 */
export function splitKeys(
  chunk: string,
  final = false,
): { readonly keys: readonly Key[]; readonly rest: string } {
  const keys: Key[] = []
  let at = 0
  while (at < chunk.length) {
    if (chunk.startsWith(pasteStart, at)) {
      const end = chunk.indexOf(pasteEnd, at)
      if (end < 0 && !final) return { keys, rest: chunk.slice(at) }
      const stop = end < 0 ? chunk.length : end
      keys.push({ name: 'paste', paste: chunk.slice(at + pasteStart.length, stop) })
      at = end < 0 ? chunk.length : end + pasteEnd.length
      continue
    }
    if (chunk[at] === '\u001b') {
      const taken = escapeKey(chunk, at, final)
      if (!taken) return { keys, rest: chunk.slice(at) }
      if (taken.key) keys.push(taken.key)
      at += taken.length
      continue
    }
    const character = String.fromCodePoint(chunk.codePointAt(at) ?? 0)
    keys.push(plainKey(character))
    at += character.length
  }
  return { keys, rest: '' }
}

function escapeKey(chunk: string, at: number, final: boolean): { key?: Key; length: number } | undefined {
  const tail = chunk.slice(at + 1)
  if (tail === '') return final ? { key: { name: 'esc' }, length: 1 } : undefined
  const sequence = /^(?:\[[0-9;<=>?]*[ -/]*[@-~]|O[A-Za-z])/.exec(tail)?.[0]
  if (sequence) {
    const name = sequences[sequence] ?? sequences[sequence.replace(/1;\d+/, '')]
    return name ? { key: { name }, length: 1 + sequence.length } : { length: 1 + sequence.length }
  }
  if (!final && /^(?:\[[0-9;<=>?]*[ -/]*|O)$/.test(tail)) return undefined
  return { key: { name: 'esc' }, length: 1 }
}

function plainKey(character: string): Key {
  const control = controls[character]
  if (control) return { name: control }
  const code = character.codePointAt(0) ?? 0
  if (code === 0) return { name: 'ctrl-space' }
  if (code < 32) return { name: `ctrl-${String.fromCharCode(code + 96)}` }
  if (character === ' ') return { name: 'space', text: ' ' }
  return { name: character, text: character }
}
