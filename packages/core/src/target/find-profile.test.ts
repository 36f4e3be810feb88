import { expect, test } from 'vitest'
import { studioAccount } from '../../test/accounts/studio-account.ts'
import { grantsFile } from '../../test/grants-fixture.ts'
import { Problem } from '../problem.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { findProfile } from './find-profile.ts'
import { InputIssues } from './input-issues.ts'

function whyOf(domain: string, snapshot: Snapshot): string | undefined {
  const issues = new InputIssues(grantsFile())
  findProfile({ domain, name: 'ben', text: `profile/${domain}/ben` }, snapshot, 'grants.0.to', issues)
  try {
    issues.throwAny()
    return undefined
  } catch (error) {
    return error instanceof Problem ? error.why : String(error)
  }
}

test('an unknown domain is not told as an account without domains: only those that the file names are read', () => {
  const account = studioAccount()
  expect(whyOf('d-abc123', account)).toBeUndefined()
  expect(whyOf('d-nope', { ...account, domains: [], profiles: [] })).toBe(
    "No domain of the file's Region is called so.",
  )
  expect(whyOf('d-nope', account)).toBe("No domain of the file's Region is called so; d-abc123 is there.")
})
