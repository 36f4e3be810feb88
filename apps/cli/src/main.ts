#!/usr/bin/env node
import { exitCodes } from '@mlflow-iam/core/problem'
import { findCommand } from './commands/index.ts'
import { parseArguments } from './commands/parse-arguments.ts'
import { renderHelp, renderOverview } from './output/help.ts'
import { type Io, openIo } from './output/io.ts'
import { reportFailure } from './output/report-failure.ts'
import { lostOutput } from './output/write-stream.ts'
import { version } from './version.ts'

// Node 20 makes the AWS SDK print seven lines of warning, into whatever is on the screen.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
// Where nothing is left to wait for and the work has not ended, the program must not look done.
process.once('beforeExit', () => {
  process.exitCode ??= exitCodes.bug
})
main(process.argv.slice(2)).then((code) => {
  process.exitCode = code
})
process.once('exit', () => {
  const lost = lostOutput()
  if (lost && !process.exitCode) process.exitCode = reportFailure(lost, openIo({}))
})

/** Picks help, the wizard or a command, and turns whatever goes wrong into an exit code. */
async function main(argv: readonly string[]): Promise<number> {
  process.on('SIGINT', () => process.exit(exitCodes.interrupted))
  let io = openIo({ json: argv.includes('--json') })
  try {
    const { command, arguments: words, flags } = parseArguments(argv)
    io = openIo({
      json: flags.json ?? false,
      quiet: flags.quiet ?? false,
      verbose: flags.verbose?.length ?? 0,
      noInput: flags['no-input'] ?? false,
      ...(flags.color === undefined ? {} : { color: flags.color }),
      ...(flags.ascii === undefined ? {} : { ascii: flags.ascii }),
    })
    if (flags.version) return print(io, version)
    if (flags.help) return print(io, command ? renderHelp(command, io) : renderOverview(io))
    const chosen = command ?? findCommand('setup')
    if (!chosen) return exitCodes.bug
    if (chosen.name === 'apply') await keepHeapSmall()
    const { run } = await chosen.load()
    return await run({ command: chosen, arguments: words, flags, io })
  } catch (error) {
    return reportFailure(error, io)
  }
}

/**
 * Collects garbage early, before the heap has grown: an apply waits for AWS, not for the processor, and may run for
 * long beside other work. Ten thousand operations then take little more than half the memory, and no more time.
 */
async function keepHeapSmall(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=10')
}

function print(io: Io, text: string): number {
  io.out(text)
  return exitCodes.done
}
