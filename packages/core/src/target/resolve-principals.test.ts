import { expect, test } from 'vitest'
import { grant, grantsFile, server } from '../../test/grants-fixture.ts'
import { buildPlan } from '../plan/build-plan.ts'
import { Problem } from '../problem.ts'
import { assumeAccount } from '../snapshot/assume-account.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'

const now = new Date('2026-11-24T12:00:00Z')
const to = { kind: 'permission-set', name: 'MLScientists', text: 'permission-set/MLScientists' } as const
const file = grantsFile({
  servers: [server('ml-dev')],
  grants: [grant(0, [to], ['viewer'], ['ml-dev'])],
})
const offline = assumeAccount(file, now)
const { assumed: _, ...seen } = offline

function complaint(snapshot: Snapshot): string {
  try {
    buildPlan({ file, snapshot, prune: false, now })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const [first] = error.errors ?? []
    return `${first?.what} ${first?.why} ${first?.fix}`
  }
  throw new Error('The set is not there.')
}

test('a permission set that is not there is told with the name that was meant, or why it cannot be known', () => {
  const set = {
    arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
    instanceArn: 'arn:aws:sso:::instance/ssoins-1',
  }
  const near = { ...set, name: 'MLScientist', managedPolicies: [], customerManaged: [], accounts: [] }
  expect(complaint({ ...seen, permissionSets: [near] })).toContain('Did you mean permission-set/MLScientist?')
  expect(complaint(seen)).toContain('Identity Center has none of exactly this name.')
  expect(complaint(offline)).toContain('Plan without --offline')
})
