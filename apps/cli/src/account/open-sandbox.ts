import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { stateFolder } from '../files/state-folder.ts'

/** Where the embedded account of `--sandbox` is kept between runs. */
export function sandboxPath(): string {
  return join(stateFolder(), 'sandbox.json')
}

/** Opens the embedded account; the first use seeds it. Every write is kept at once, so a killed run loses nothing. */
export async function openSandbox(path: string = sandboxPath()) {
  const { openSandboxFile } = await import('@mlflow-iam/sandbox/sandbox-file')
  return openSandboxFile(path)
}

/** Starts over: the seeded team, or an account that holds nothing. */
export async function resetSandbox(path: string, empty: boolean): Promise<void> {
  if (empty) {
    const [{ emptyAccount }, { writeStateFile }] = await Promise.all([
      import('@mlflow-iam/sandbox/account/empty-account'),
      import('@mlflow-iam/sandbox/state-file'),
    ])
    await writeStateFile(path, emptyAccount())
    return
  }
  rmSync(path, { force: true })
  await (await openSandbox(path)).save()
}
