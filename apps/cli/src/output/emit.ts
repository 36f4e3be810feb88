import type { FlagValues } from '../commands/flags.ts'
import { checkWritable, writeOutput } from '../files/write-output.ts'
import type { Io } from './io.ts'

/** Renders a result and prints it, or writes it where `-o` says. */
export async function emit(
  flags: Pick<FlagValues, 'output' | 'force'>,
  io: Io,
  render: () => string | Promise<string>,
): Promise<void> {
  const { output } = flags
  if (output === undefined || output === '-') {
    io.out(await render())
    return
  }
  const force = flags.force ?? false
  checkWritable(output, { force })
  const text = await render()
  writeOutput(output, text.endsWith('\n') ? text : `${text}\n`, { force })
  io.note(`Wrote ${output}.`)
}
