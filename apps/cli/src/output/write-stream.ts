import { writeSync } from 'node:fs'
import { exitCodes } from '@mlflow-iam/core/problem'

/**
 * Writes all of a text to a stream of the process. Straight to the descriptor, since making `process.stdout`
 * loads sockets and terminals at every start; a full non-blocking pipe is handed to the stream, which waits.
 * A reader that went away (`| head`) is no error: the program stops calmly.
 */
export function writeStream(descriptor: 1 | 2, text: string): void {
  let rest = Buffer.from(text.endsWith('\n') ? text : `${text}\n`)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? exitCodes.done)
      if (error.code !== 'EAGAIN') throw error
      stream(descriptor).write(rest)
      return
    }
  }
}

/** Once a stream has taken over, its own errors are answered the same way. */
function stream(descriptor: 1 | 2): NodeJS.WriteStream {
  const chosen = descriptor === 1 ? process.stdout : process.stderr
  if (chosen.listenerCount('error') === 0) {
    chosen.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? exitCodes.done)
      throw error
    })
  }
  return chosen
}
