import { spawn } from 'node:child_process'

export interface Server {
  readonly url: string
  stop(): Promise<void>
}

/**
 * Starts a program that prints the loopback address on which it listens, and waits for that line. Its standard input
 * stays open as long as this process lives, so that it can end with it.
 */
export function startServer(
  command: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Server> {
  const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'pipe'], env })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  return new Promise((resolve, reject) => {
    let text = ''
    const read = (chunk: Buffer) => {
      text += chunk.toString()
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0]
      if (url !== undefined) resolve({ url, stop })
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`${command} ended before it listened: ${text}`)))
  })
}
