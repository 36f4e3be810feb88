/**
 * Rows of the account with one key each, kept in the order of their keys: finding one takes no search, and a
 * page of a listing starts where the last one ended even when rows came or went in between.
 */
export class Table<Row extends object> {
  readonly rows: Row[]
  readonly #keyOf: (row: Row) => string
  readonly #byKey = new Map<string, Row>()

  /** Sorts `rows` in place: the table is a view of the state, not a copy. */
  constructor(rows: Row[], keyOf: (row: Row) => string) {
    this.rows = rows
    this.#keyOf = keyOf
    rows.sort((a, b) => compare(keyOf(a), keyOf(b)))
    for (const row of rows) this.#byKey.set(keyOf(row), row)
  }

  find(key: string): Row | undefined {
    return this.#byKey.get(key)
  }

  add(row: Row): void {
    const key = this.#keyOf(row)
    this.#byKey.set(key, row)
    this.rows.splice(this.after(key), 0, row)
  }

  remove(row: Row): void {
    this.#byKey.delete(this.#keyOf(row))
    this.rows.splice(this.rows.indexOf(row), 1)
  }

  keyOf(row: Row): string {
    return this.#keyOf(row)
  }

  /** Index of the first row whose key comes after `key`. */
  after(key: string): number {
    let low = 0
    let high = this.rows.length
    while (low < high) {
      const middle = (low + high) >> 1
      const row = this.rows[middle]
      if (row !== undefined && compare(this.#keyOf(row), key) <= 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
