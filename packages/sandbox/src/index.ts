export { emptyAccount } from './account/empty-account.ts'
export type { Quotas, SandboxState } from './account/state.ts'
export {
  type Fault,
  type FaultSchedule,
  type FaultyCall,
  type FaultySandbox,
  type Trouble,
  withFaults,
} from './faults.ts'
export { createSandbox, type Sandbox, type SandboxCall, type SandboxOptions } from './sandbox.ts'
export { openSandboxFile, type SandboxOnFile } from './sandbox-file.ts'
export { type LargeShape, seedLarge } from './seed/seed-large.ts'
export { seedTeam } from './seed/seed-team.ts'
export { type ServedSandbox, type ServeOptions, serveSandbox } from './serve.ts'
export type { WireRequest, WireResponse } from './wire/message.ts'
