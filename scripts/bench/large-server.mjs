import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from './measure.mjs'

/** Serves an account of this many principals from memory, in a process of its own. */
export async function serveLarge(folder, principals) {
  const outfile = join(folder, 'large-account.mjs')
  await build({
    entryPoints: [join(root, 'scripts/bench/large-account.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'warning',
  })
  const server = spawn(process.execPath, [outfile, String(principals)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = await once(server.stdout, 'data')
  return {
    url: String(line).trim(),
    async close() {
      server.stdin.end()
      await once(server, 'close')
    },
  }
}
