import { spawnSync } from 'node:child_process'
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Server, startServer } from './start-server.ts'

/**
 * Puts an `aws` into the folder: one that asks the AWS CLI in memory, which has this environment, or else the command
 * itself.
 */
export async function placeAws(bin: string, env: NodeJS.ProcessEnv): Promise<Server | undefined> {
  const place = join(bin, 'aws')
  if (spawnSync('python3', ['-c', 'import awscli.clidriver'], { stdio: 'ignore' }).status !== 0) {
    symlinkSync(spawnSync('bash', ['-c', 'command -v aws'], { env }).stdout.toString().trim(), place)
    return undefined
  }
  const server = await startServer(
    'python3',
    [fileURLToPath(new URL('resident_aws.py', import.meta.url))],
    env,
  )
  const client = [
    '#!/bin/bash',
    `exec 3<>/dev/tcp/127.0.0.1/${new URL(server.url).port}`,
    `printf '%s\\0' "$@" | base64 -w0 >&3`,
    'echo >&3',
    'read -r code <&3; read -r out <&3; read -r err <&3',
    'base64 -d <<<"$out"; base64 -d <<<"$err" >&2; exit "$code"',
  ]
  writeFileSync(place, `${client.join('\n')}\n`)
  chmodSync(place, 0o755)
  return server
}
