/** Lists in which files of trails, lakes and log exports keep their records. */
const recordLists = /"(Records|Events|events|logEvents|QueryResultRows|results|Items)"\s*:\s*$/

const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/** No real record is longer: CloudTrail's own limit is 256 KB. */
const longestRecord = 4_000_000

/**
 * Cuts text that arrives in chunks into JSON records, holding one record at a time. Takes the files of a trail
 * (`{"Records":[…]}`), one record a line, plain lists, and lists within other objects.
 */
export class RecordSplitter {
  /** Records that were too long or not closed, and text that belongs to none. */
  broken = 0
  readonly #onRecord: (text: string) => void
  /** Parts of the object being read. */
  #parts: string[] = []
  #length = 0
  /** Nesting within that object; 0 between objects. */
  #depth = 0
  #inString = false
  #isEscaped = false
  /** The object may yet turn out to be the wrapper of a list: only outside any list. */
  #mayWrap = true

  constructor(onRecord: (text: string) => void) {
    this.#onRecord = onRecord
  }

  push(chunk: string): void {
    let start = this.#depth > 0 ? 0 : -1
    let newline = -2
    for (let at = 0; at < chunk.length; at++) {
      if (this.#inString) {
        if (newline < at && newline !== -1) newline = chunk.indexOf('\n', at)
        at = this.#skipString(chunk, at, newline)
        continue
      }
      const code = chunk.charCodeAt(at)
      if (code === quote) this.#inString = true
      else if (code === openBrace) {
        if (this.#depth > 0 && isNewLine(chunk, at)) {
          // A line begins a new record although the last one was never closed.
          this.broken += 1
          this.#forget()
          this.#depth = 0
        }
        if (this.#depth === 0) start = at
        this.#depth += 1
      } else if (code === openBracket) {
        if (this.#depth === 1 && this.#mayWrap && this.#isRecordList(chunk, start, at)) {
          this.#forget()
          this.#depth = 0
          this.#mayWrap = false
          start = -1
        } else if (this.#depth > 0) this.#depth += 1
      } else if (code === closeBrace || code === closeBracket) {
        if (this.#depth === 0) {
          // The end of a list, or of its wrapper.
          if (code === closeBrace) this.#mayWrap = true
          continue
        }
        this.#depth -= 1
        if (this.#depth === 0) {
          this.#keep(chunk.slice(Math.max(start, 0), at + 1))
          this.#finish()
          start = -1
        }
      }
    }
    if (start >= 0) this.#keep(chunk.slice(start))
  }

  /** Says that no more text comes. */
  end(): void {
    if (this.#depth > 0) this.broken += 1
    this.#forget()
    this.#depth = 0
  }

  /** The place where a string ends, or the end of the chunk. No string of JSON goes over a line's end. */
  #skipString(chunk: string, from: number, newline: number): number {
    let at = from
    if (this.#isEscaped) {
      this.#isEscaped = false
      at += 1
    }
    for (;;) {
      const end = chunk.indexOf('"', at)
      if (newline >= 0 && (end < 0 || newline < end)) {
        this.#inString = false
        return newline
      }
      let slashes = 0
      const last = end < 0 ? chunk.length : end
      while (last - 1 - slashes >= at && chunk.charCodeAt(last - 1 - slashes) === backslash) slashes += 1
      if (end < 0) {
        this.#isEscaped = slashes % 2 === 1
        return chunk.length
      }
      if (slashes % 2 === 0) {
        this.#inString = false
        return end
      }
      at = end + 1
    }
  }

  #isRecordList(chunk: string, start: number, at: number): boolean {
    const before = chunk.slice(Math.max(start, at - 64, 0), at)
    const text = before.length < 64 ? `${this.#parts.join('').slice(-64)}${before}` : before
    return recordLists.test(text)
  }

  #keep(text: string): void {
    this.#length += text.length
    if (this.#length <= longestRecord) this.#parts.push(text)
  }

  #finish(): void {
    if (this.#length <= longestRecord) this.#onRecord(this.#parts.join(''))
    else this.broken += 1
    this.#forget()
  }

  #forget(): void {
    this.#parts = []
    this.#length = 0
  }
}

/** Whether a brace stands at the start of a line that goes on nothing: not behind a colon, comma or bracket. */
function isNewLine(chunk: string, at: number): boolean {
  if (chunk[at - 1] !== '\n') return false
  let before = at - 1
  while (before >= 0 && ' \t\r\n'.includes(chunk[before] ?? '')) before -= 1
  return before >= 0 && !':,[{'.includes(chunk[before] ?? '')
}
