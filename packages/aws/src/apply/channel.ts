/** A queue between those who do the work and the one who watches it. */
export interface Channel<T> {
  push(item: T): void
  /** No more will come; with a reason, the reader fails with it after the last item. */
  close(failure?: unknown): void
  read(): AsyncGenerator<T, void, void>
}

export function openChannel<T>(): Channel<T> {
  let items: T[] = []
  let closed = false
  let failure: unknown
  let wake: (() => void) | undefined
  const ring = () => {
    wake?.()
    wake = undefined
  }
  return {
    push(item) {
      items.push(item)
      ring()
    },
    close(reason) {
      closed = true
      failure = reason
      ring()
    },
    async *read() {
      for (;;) {
        const batch = items
        items = []
        yield* batch
        if (items.length > 0) continue
        if (closed) break
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      if (failure !== undefined) throw failure
    },
  }
}
