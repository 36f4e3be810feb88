import { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts'
import { seedTeam } from './seed/seed-team.ts'
import { readStateFile, type StateFile, stateFileStorage } from './state-file.ts'

/** A sandbox that outlives the process. */
export interface SandboxOnFile extends Sandbox {
  /** Writes the state now, over what is there. Requests that change something are written before their answer. */
  save(): Promise<void>
}

/**
 * Opens the account kept in a file, or starts the seeded team there. Several processes may use one file: each
 * request that changes something holds a lock, and starts from what the others wrote.
 */
export async function openSandboxFile(
  path: string,
  options: Pick<SandboxOptions, 'now'> = {},
): Promise<SandboxOnFile> {
  const file: StateFile = (await readStateFile(path)) ?? { state: seedTeam(), stamp: undefined }
  const storage = stateFileStorage(path, file.stamp)
  const sandbox = createSandbox({ ...options, state: file.state, storage })
  return {
    handle: sandbox.handle,
    requestHandler: sandbox.requestHandler,
    calls: sandbox.calls,
    get state() {
      return sandbox.state
    },
    save: async () => {
      const { finish } = await storage.begin('write')
      await finish(sandbox.state)
    },
  }
}
