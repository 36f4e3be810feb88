import type { Key } from './keys.ts'
import { splitKeys } from './keys.ts'

export interface TerminalInput {
  /** Starts handing keys over; raw mode and bracketed paste are on from here. */
  start(onKeys: (keys: readonly Key[]) => void): void
  /** Gives the terminal back as it was. */
  stop(): void
}

/** How long an escape may be the beginning of a longer sequence that the terminal sends in pieces. */
const escapeWait = 25

/** Reads keys from a terminal. Ink never touches the input, so nothing is lost or read twice. */
export function openTerminalInput(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream): TerminalInput {
  let rest = ''
  let timer: NodeJS.Timeout | undefined
  let listener: ((chunk: string) => void) | undefined
  return {
    start(onKeys) {
      listener = (chunk) => {
        clearTimeout(timer)
        const split = splitKeys(rest + chunk)
        rest = split.rest
        if (split.keys.length > 0) onKeys(split.keys)
        if (rest === '') return
        timer = setTimeout(() => {
          // An open paste has its end still to come, however long that takes.
          if (rest.startsWith('\u001b[200~')) return
          const last = splitKeys(rest, true)
          rest = ''
          if (last.keys.length > 0) onKeys(last.keys)
        }, escapeWait)
      }
      stdin.setEncoding('utf8')
      stdin.setRawMode(true)
      stdin.ref()
      stdin.on('data', listener)
      stdin.resume()
      stdout.write('\u001b[?2004h')
    },
    stop() {
      clearTimeout(timer)
      if (listener) stdin.off('data', listener)
      listener = undefined
      stdin.setRawMode(false)
      stdin.pause()
      stdin.unref()
      stdout.write('\u001b[?2004l')
    },
  }
}
