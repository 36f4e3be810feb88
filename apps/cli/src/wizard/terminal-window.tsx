import { type Instance, render } from 'ink'
import type { ReactElement } from 'react'
import { keepingScrollback } from './keeping-scrollback.ts'
import type { Key } from './keys.ts'
import { openTerminalInput } from './terminal.ts'

/** The terminal while the wizard has it. */
export interface TerminalWindow {
  /** Draws in place of what is there. */
  draw(content: ReactElement): void
  /** Hands keys over, first those that were typed before anybody asked. */
  listen(onKeys: (keys: readonly Key[]) => void): void
  /** Gives the whole terminal away while `work` runs, and draws everything again afterwards. */
  away(work: () => Promise<void>): Promise<void>
  /** Gives it back as it was. */
  close(): Promise<void>
}

/** Takes the terminal, with a first drawing. */
export function openTerminalWindow(
  { stdin, stdout }: { readonly stdin: NodeJS.ReadStream; readonly stdout: NodeJS.WriteStream },
  first: ReactElement,
): TerminalWindow {
  const input = openTerminalInput(stdin, stdout)
  const drawn = keepingScrollback(stdout)
  const typed: Key[] = []
  let onKeys = (keys: readonly Key[]) => {
    typed.push(...keys)
  }
  let content = first
  let screen: Instance
  const open = () => {
    screen = render(content, {
      stdin,
      stdout: drawn,
      exitOnCtrlC: false,
      patchConsole: false,
      alternateScreen: true,
      incrementalRendering: true,
      interactive: true,
      maxFps: 60,
    })
    input.start((keys) => onKeys(keys))
  }
  const close = async () => {
    input.stop()
    screen.unmount()
    await screen.waitUntilExit()
  }
  open()
  return {
    draw(next) {
      content = next
      screen.rerender(content)
    },
    listen(listener) {
      onKeys = listener
      if (typed.length > 0) listener(typed.splice(0))
    },
    async away(work) {
      // Without the input nothing else may be open, and Node would end instead of waiting for the way back.
      const alive = setInterval(() => undefined, 60_000)
      await close()
      try {
        await work()
      } finally {
        clearInterval(alive)
        open()
      }
    },
    close,
  }
}
