import type { SandboxState } from './account/state.ts'
import { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts'
import { seedTeam } from './seed/seed-team.ts'
import { readStateFile, type StateFile, stateFileStorage } from './state-file.ts'

/** A sandbox that outlives the process. */
export interface SandboxOnFile extends Sandbox {
  /** Writes the state now, over what is there. Requests that change something are written before their answer. */
  save(): Promise<void>
}

export interface OpenOptions extends Pick<SandboxOptions, 'now'> {
  /** What a fresh file starts with. */
  readonly seed?: () => SandboxState
}

/**
 * Opens the account kept in a file, or starts the seeded team (or what `seed` makes) there. Several processes may use one file: each
 * request that changes something holds a lock, and starts from what the others wrote.
 */
export async function openSandboxFile(
  path: string,
  { seed = seedTeam, ...options }: OpenOptions = {},
): Promise<SandboxOnFile> {
  const file: StateFile = (await readStateFile(path)) ?? { state: seed(), stamp: undefined }
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
