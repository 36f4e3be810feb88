/** Lists in which files of trails, lakes and log exports keep their records. */
const recordLists = /"(Records|Events|events|logEvents|QueryResultRows|results|Items)"\s*:\s*$/

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
    for (let at = 0; at < chunk.length; at++) {
      const code = chunk.charCodeAt(at)
      if (this.#inString) {
        if (this.#isEscaped) this.#isEscaped = false
        else if (code === 0x5c) this.#isEscaped = true
        else if (code === 0x22) this.#inString = false
        continue
      }
      if (code === 0x22) {
        if (this.#depth > 0) this.#inString = true
      } else if (code === 0x7b) {
        if (this.#depth === 0) start = at
        this.#depth += 1
      } else if (code === 0x5b) {
        if (this.#depth === 1 && this.#mayWrap && this.#isRecordList(chunk, start, at)) {
          this.#forget()
          this.#depth = 0
          this.#mayWrap = false
          start = -1
        } else if (this.#depth > 0) this.#depth += 1
      } else if (code === 0x7d || code === 0x5d) {
        if (this.#depth === 0) {
          // The end of a list, or of its wrapper.
          if (code === 0x7d) this.#mayWrap = true
          continue
        }
        this.#depth -= 1
        if (this.#depth === 0 && start >= 0) {
          this.#keep(chunk.slice(start, at + 1))
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
