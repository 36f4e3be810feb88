import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { emptyAccount } from '@mlflow-iam/sandbox/account/empty-account'
import { openSandboxFile, type SandboxOnFile } from '@mlflow-iam/sandbox/sandbox-file'
import { writeStateFile } from '@mlflow-iam/sandbox/state-file'
import { stateFolder } from '../files/state-folder.ts'

/** Where the embedded account of `--sandbox` is kept between runs. */
export function sandboxPath(): string {
  return join(stateFolder(), 'sandbox.json')
}

/** Opens the embedded account; the first use seeds it. Every write is kept at once, so a killed run loses nothing. */
export function openSandbox(path: string = sandboxPath()): Promise<SandboxOnFile> {
  return openSandboxFile(path)
}

/** Starts over: the seeded team, or an account that holds nothing. */
export async function resetSandbox(path: string, empty: boolean): Promise<void> {
  if (empty) {
    await writeStateFile(path, emptyAccount())
    return
  }
  rmSync(path, { force: true })
  await (await openSandbox(path)).save()
}
