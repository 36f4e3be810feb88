import { exitCodes } from '@mlflow-iam/core/problem'
import { renderBash, renderFish, renderZsh } from '../output/completion-scripts.ts'
import type { Command } from './command.ts'
import { usageProblem } from './usage-problem.ts'

const shells: Readonly<Record<string, () => string>> = { bash: renderBash, zsh: renderZsh, fish: renderFish }

/** `completion`: a script for the user's shell, made from the command table. */
export const run: Command = async ({ arguments: [shell = ''], io }) => {
  const render = Object.hasOwn(shells, shell) ? shells[shell] : undefined
  if (!render) {
    throw usageProblem(
      shell === '' ? 'For which shell?' : `There is no completion for ${JSON.stringify(shell)}.`,
      'It knows bash, zsh and fish.',
      'For example: mlflow-iam completion bash',
    )
  }
  io.out(render())
  return exitCodes.done
}
