import { join } from 'node:path'
import { stateFolder } from '../files/state-folder.ts'

/** Where the embedded account of `--sandbox` is kept between runs. */
export function sandboxPath(): string {
  return join(stateFolder(), 'sandbox.json')
}

/** Opens the embedded account; the first use seeds it. Every write is kept at once, so a killed run loses nothing. */
export async function openSandbox(path: string = sandboxPath()) {
  const { openSandboxFile } = await import('@mlflow-iam/sandbox')
  return openSandboxFile(path)
}
