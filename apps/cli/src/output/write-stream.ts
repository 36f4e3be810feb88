import { writeSync } from 'node:fs'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'

type Descriptor = 1 | 2

/** Streams that take no more, and why. */
const failed = new Map<Descriptor, string>()
/** Streams that Node writes by now, in order and waiting where nobody reads. */
const handedOver = new Map<Descriptor, NodeJS.WriteStream>()

/**
 * Writes all of a text to a stream of the process. Straight to the descriptor, since making `process.stdout`
 * loads sockets and terminals at every start; a full non-blocking pipe is handed to the stream, which waits.
 * Never throws: what the program is doing in an account goes on to its end, whoever has stopped reading.
 */
export function writeStream(descriptor: Descriptor, text: string): void {
  let rest = Buffer.from(text.endsWith('\n') ? text : `${text}\n`)
  while (rest.length > 0 && !failed.has(descriptor)) {
    const stream = handedOver.get(descriptor)
    if (stream) {
      stream.write(rest)
      return
    }
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      const code = codeOf(error)
      if (code === 'EAGAIN') handOver(descriptor)
      else failed.set(descriptor, code)
    }
  }
}

/** What keeps results from standard output, where something does. A reader that went away (`| head`) is no error. */
export function lostOutput(): Problem | undefined {
  const code = failed.get(1)
  if (code === undefined || code === 'EPIPE') return undefined
  return new Problem('CANNOT_WRITE', 'Standard output cannot be written to the end.', {
    why: code === 'ENOSPC' ? 'There is no space left where it goes.' : `The system says ${code}.`,
    fix: ['Send it elsewhere. What the command did besides is done.'],
    exit: exitCodes.badInput,
  })
}

/** Once a stream has taken over, its own errors are answered the same way. */
function handOver(descriptor: Descriptor): void {
  const stream = descriptor === 1 ? process.stdout : process.stderr
  stream.on('error', (error) => failed.set(descriptor, codeOf(error)))
  handedOver.set(descriptor, stream)
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  throw error
}
