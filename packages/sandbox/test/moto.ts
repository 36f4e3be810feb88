import { spawn } from 'node:child_process'

/** Starts moto, the independent stand-in for AWS, on a free port; gives its address and how to stop it. */
export async function startMoto(
  environment: Readonly<Record<string, string>> = {},
): Promise<{ url: string; stop: () => void }> {
  const child = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  const url = await new Promise<string>((resolve, reject) => {
    let heard = ''
    const listen = (chunk: Buffer) => {
      heard += chunk
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(heard)
      if (found?.[1]) resolve(found[1])
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('exit', () => reject(new Error(`moto ended: ${heard}`)))
  })
  return { url, stop: () => child.kill() }
}
