import { exitCodes } from '@mlflow-iam/core/problem'
import { readGrants } from '../files/read-grants.ts'
import { count } from '../output/count.ts'
import type { Command } from './command.ts'

/** `check`: says whether a grants file is right, with every error at its place. */
export const run: Command = async ({ flags, io }) => {
  const file = readGrants(flags.file)
  const { name, servers, grants, personas } = file
  if (io.json) {
    const summary = { servers: servers.length, personas: personas.length, grants: grants.length }
    io.out(JSON.stringify({ version: 1, ok: true, file: flags.file, name, ...summary }))
    return exitCodes.done
  }
  const parts = [
    count(servers.length, 'server'),
    ...(personas.length > 0 ? [count(personas.length, 'custom persona')] : []),
    count(grants.length, 'grant'),
  ]
  io.out(`${flags.file === '-' ? 'stdin' : flags.file} is right: ${name} with ${parts.join(', ')}.`)
  return exitCodes.done
}
