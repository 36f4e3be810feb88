import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { type AddressInfo, createServer } from 'node:net'

export interface Moto {
  readonly url: string
  stop(): void
}

/** True where moto can run. Under CONFORMANCE=required a machine without it fails instead of skipping. */
export function hasMoto(): boolean {
  const found = spawnSync('python3', ['-c', 'import moto.server'], { stdio: 'ignore' }).status === 0
  if (found) return true
  if (process.env.CONFORMANCE === 'required')
    throw new Error('CONFORMANCE=required, and moto is not installed (pip install "moto[server]").')
  console.log('skipped: moto is not installed; these tests need python3 with moto.server')
  return false
}

/** Starts moto on a free port of the loopback interface. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort()
  const process = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  })
  const url = `http://127.0.0.1:${port}`
  await untilUp(process, url)
  return { url, stop: () => process.kill('SIGKILL') }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function untilUp(process: ChildProcess, url: string): Promise<void> {
  for (let look = 0; look < 300; look += 1) {
    if (process.exitCode !== null) throw new Error(`moto ended with ${process.exitCode}.`)
    const up = await fetch(`${url}/moto-api/`).then(
      () => true,
      () => false,
    )
    if (up) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('moto did not come up.')
}
