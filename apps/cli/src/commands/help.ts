import { exitCodes } from '@mlflow-iam/core/problem'
import { renderHelp, renderOverview } from '../output/help.ts'
import { helpTopics } from '../output/help-topics.ts'
import type { Command } from './command.ts'
import { commands, findCommand } from './index.ts'
import { usageProblem } from './usage-problem.ts'

/** `help`: the overview, a command, or a topic. */
export const run: Command = async ({ arguments: [topic], io }) => {
  io.out(topic === undefined ? renderOverview(io) : await renderAbout(topic, io))
  return exitCodes.done
}

async function renderAbout(topic: string, io: Parameters<Command>[0]['io']): Promise<string> {
  const command = findCommand(topic)
  if (command) return renderHelp(command, io)
  const render = Object.hasOwn(helpTopics, topic) ? helpTopics[topic] : undefined
  if (render) return render(io)
  throw usageProblem(
    `There is no help on ${JSON.stringify(topic)}.`,
    `Commands are ${commands.map(({ name }) => name).join(', ')}; topics are ${Object.keys(helpTopics).join(', ')}.`,
    'See: mlflow-iam --help',
  )
}
