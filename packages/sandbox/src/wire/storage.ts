import type { AccountState, SandboxState } from '../account/state.ts'

/** Where an account's state lives beside memory. */
export interface Storage {
  /**
   * Called before a request is answered. Gives a newer state where someone else wrote one, and what to call
   * when the answer is there.
   */
  begin(mode: 'read' | 'write'): Promise<{
    readonly newer?: AccountState
    readonly finish: (state: SandboxState) => Promise<void>
  }>
}

/** Whether an operation changes nothing that is worth keeping. */
export function modeOf(action: string): 'read' | 'write' {
  if (action === 'DescribePermissionSetProvisioningStatus') return 'write' // its progress is kept
  return /^(?:Get|List|Describe|Simulate)/.test(action) ? 'read' : 'write'
}
