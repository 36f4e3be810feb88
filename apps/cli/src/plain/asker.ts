import { createInterface } from 'node:readline'
import { visible, wrap } from '../ui/text.ts'

/** Thrown where the person leaves: `quit`, Ctrl-C or the end of the input. */
export class Leaving extends Error {
  readonly how: 'quit' | 'interrupt' | 'end'
  constructor(how: Leaving['how']) {
    super(how)
    this.name = 'Leaving'
    this.how = how
  }
}

/** Asks one line at a time and says things in whole lines. */
export interface Asker {
  /** One answer, without surrounding blanks. An empty answer is the default. */
  ask(question: string): Promise<string>
  say(text: string): void
  /** Ctrl-C while a question is open: it is answered by leaving. */
  interrupt(): void
  close(): void
}

/**
 * Append-only: what is said is never moved over, erased or drawn again, so screen readers and braille displays
 * follow it. The terminal itself edits the line.
 */
export function lineAsker(stdin: NodeJS.ReadableStream, stdout: NodeJS.WritableStream): Asker {
  const lines = createInterface({ input: stdin, terminal: false })
  const waiting: string[] = []
  let want: { take: (line: string) => void; fail: (error: Leaving) => void } | undefined
  let ended = false
  lines.on('line', (line) => {
    if (want) {
      const { take } = want
      want = undefined
      take(line)
    } else waiting.push(line)
  })
  lines.on('close', () => {
    ended = true
    want?.fail(new Leaving('end'))
  })
  return {
    ask(question) {
      stdout.write(`${visible(question)} `)
      const early = waiting.shift()
      if (early !== undefined) return Promise.resolve(early.trim())
      if (ended) return Promise.reject(new Leaving('end'))
      return new Promise((resolve, reject) => {
        want = { take: (line) => resolve(line.trim()), fail: reject }
      })
    },
    say: (text) => sayWrapped(stdout, text),
    interrupt() {
      ended = true
      want?.fail(new Leaving('interrupt'))
    },
    close: () => lines.close(),
  }
}

/** Line prompts with editing, for terminals that can be drawn on. */
export function promptAsker(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream): Asker {
  return {
    async ask(question) {
      const { input } = await import('@inquirer/prompts')
      try {
        const message = visible(question).replace(/:$/, '')
        return (await input({ message }, { input: stdin, output: stdout })).trim()
      } catch (error) {
        if (error instanceof Error && error.name === 'ExitPromptError') throw new Leaving('interrupt')
        throw error
      }
    },
    say: (text) => sayWrapped(stdout, text),
    interrupt() {},
    close() {},
  }
}

/** Whole words on each line, in a narrow window too. */
function sayWrapped(stdout: NodeJS.WritableStream & { readonly columns?: number }, text: string): void {
  const width = Math.min(79, Math.max(20, (stdout.columns || 80) - 1))
  for (const paragraph of text.split('\n')) {
    for (const line of wrap(visible(paragraph), width)) stdout.write(`${line}\n`)
  }
}
