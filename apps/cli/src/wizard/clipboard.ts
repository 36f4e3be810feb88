import { spawn } from 'node:child_process'

/** Where a copied text goes: the system's clipboard where there is one, tmux, else the terminal itself. */
export async function copyText(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  write: (sequence: string) => void,
): Promise<string> {
  for (const [program, ...args] of clipboardPrograms(env)) {
    if (program !== undefined && (await feed(program, args, text))) return `through ${program}`
  }
  if (env.TMUX && (await feed('tmux', ['load-buffer', '-w', '-'], text))) return 'to the tmux buffer'
  const sequence = `\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`
  write(env.TMUX ? `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\` : sequence)
  return 'sent to the terminal; if paste is empty press s to save it'
}

/** Over ssh the programs would reach the clipboard of the wrong machine. */
function clipboardPrograms(
  env: Readonly<Record<string, string | undefined>>,
): readonly (readonly string[])[] {
  if (env.SSH_CONNECTION || env.SSH_TTY) return []
  if (process.platform === 'darwin') return [['pbcopy']]
  if (env.WAYLAND_DISPLAY) return [['wl-copy']]
  if (env.DISPLAY)
    return [
      ['xclip', '-selection', 'clipboard'],
      ['xsel', '-ib'],
    ]
  return []
}

function feed(program: string, args: readonly string[], text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'] })
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
    child.stdin.on('error', () => undefined)
    child.stdin.end(text)
  })
}
