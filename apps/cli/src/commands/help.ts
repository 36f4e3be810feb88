import { exitCodes } from '@mlflow-iam/core/problem'
import { renderExitCodes, renderFlags, renderHelp, renderOverview } from '../output/help.ts'
import type { Command } from './command.ts'
import { commands, findCommand } from './index.ts'
import { usageProblem } from './usage-problem.ts'

/** `help`: the overview, a command, or a topic. */
export const run: Command = async ({ arguments: [topic], io }) => {
  const command = topic === undefined ? undefined : findCommand(topic)
  io.out(command ? renderHelp(command, io) : await renderTopic(topic, io))
  return exitCodes.done
}

async function renderTopic(topic: string | undefined, io: Parameters<Command>[0]['io']): Promise<string> {
  switch (topic) {
    case undefined:
      return renderOverview(io)
    case 'exit-codes':
      return renderExitCodes(io)
    case 'flags':
      return renderFlags(io)
    case 'man':
      return (await import('../output/man-page.ts')).renderManPage()
    case 'schema': {
      const { grantsJsonSchema } = await import('@mlflow-iam/core/grants/json-schema')
      return JSON.stringify(grantsJsonSchema(), null, 2)
    }
    default:
      throw usageProblem(
        `There is no help on ${JSON.stringify(topic)}.`,
        `Commands are ${commands.map(({ name }) => name).join(', ')}; topics are exit-codes, flags, man and schema.`,
        'See: mlflow-iam --help',
      )
  }
}
