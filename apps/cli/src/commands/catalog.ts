import type { Command } from './command.ts'

export const run: Command = async ({ io }) => {
  io.error('soon')
  return 1
}
