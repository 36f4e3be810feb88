import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { placeAws } from './place-aws.ts'
import { startServer } from './start-server.ts'

const run = promisify(execFile)

/** A moto server of our own: an IAM that is independent of this project, empty at the start. */
export interface Moto {
  readonly url: string
  /** The environment in which `aws` talks to it; its PATH begins with `bin`. */
  readonly env: NodeJS.ProcessEnv
  /** A folder of its own that holds only `aws`: the real command, kept in memory where that is possible. */
  readonly bin: string
  /** Runs `aws WORDS` and reads its JSON. */
  aws(...words: readonly string[]): Promise<unknown>
  /** Forgets everything. */
  reset(): Promise<void>
  stop(): Promise<void>
}

/** moto's own server, ended when its standard input ends. */
const motoServer = `
import os, sys, threading
from moto.server import main
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
main(sys.argv[1:])
`

export async function startMoto(): Promise<Moto> {
  const moto = await startServer('python3', ['-c', motoServer, '-H', '127.0.0.1', '-p', '0'], process.env)
  const { HOME, PATH, PYENV_ROOT, PYENV_VERSION } = process.env
  const plain = {
    ...{ HOME, PATH, PYENV_ROOT, PYENV_VERSION },
    AWS_ENDPOINT_URL: moto.url,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  }
  const bin = mkdtempSync(join(tmpdir(), 'mlflow-iam-aws-'))
  const resident = await placeAws(bin, plain)
  const env = { ...plain, PATH: `${bin}:${PATH}` }
  return {
    url: moto.url,
    env,
    bin,
    async aws(...words) {
      const { stdout } = await run(join(bin, 'aws'), [...words, '--output', 'json'], {
        env,
        maxBuffer: 1 << 26,
      })
      return stdout.trim() === '' ? undefined : JSON.parse(stdout)
    },
    async reset() {
      await fetch(`${moto.url}/moto-api/reset`, { method: 'POST' })
    },
    async stop() {
      await Promise.all([moto.stop(), resident?.stop()])
      rmSync(bin, { recursive: true, force: true })
    },
  }
}
