import { spawnSync } from 'node:child_process'

/**
 * Whether a test that needs this command is to be skipped. Says so in one line; where CONFORMANCE=required is
 * set, nothing is skipped, and a missing command fails the test.
 */
export function skipWithout(command: string, ...versionArguments: readonly string[]): boolean {
  const { status } = spawnSync(command, versionArguments, { stdio: 'ignore' })
  if (status === 0 || process.env.CONFORMANCE === 'required') return false
  console.warn(`skipped: ${[command, ...versionArguments].join(' ')} does not run here`)
  return true
}
