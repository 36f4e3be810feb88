import { expect, test } from 'vitest'
import { profileRef, studioAccount } from '../../test/accounts/studio-account.ts'
import { grant, grantsFile, role, server, user } from '../../test/grants-fixture.ts'
import type { Grant, GrantConditions, GrantsFile, GrantsServer } from '../grants/grants-file.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { compileTarget } from './compile-target.ts'

const people = { users: { ana: {}, ben: {} } }
const now = new Date('2026-11-24T12:00:00Z')
const when = (parts: Partial<GrantConditions>): Partial<Grant> => ({
  when: { ip: [], vpce: [], vpc: [], sessionTags: {}, ...parts },
})
const mfa = when({ mfa: true })
const office = when({ ip: ['203.0.113.0/24'] })

function told(
  grants: readonly Grant[],
  more: Partial<GrantsFile> = {},
  account: Snapshot = studioAccount(people),
) {
  const file = grantsFile({ servers: [server('ml-dev'), server('ml-prod')], grants, ...more })
  return compileTarget(file, account, now).findings.filter(({ code }) =>
    ['mfa-never-there', 'condition-without-effect', 'all-servers'].includes(code),
  )
}

test('MFA asked of a role that only services assume is a grant that never holds', () => {
  const [finding, ...others] = told([grant(0, [profileRef('ana')], ['viewer'], ['ml-dev'], mfa)])
  expect(others).toEqual([])
  expect(finding?.level).toBe('review')
  expect(finding?.message).toMatch(/^role ds-shared never has viewer on ml-dev: it asks for MFA/u)
})

test('MFA asked of users, and of roles that users assume, is taken at its word', () => {
  const trust = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::123456789012:root' },
      Action: 'sts:AssumeRole',
    },
  }
  const assumed = studioAccount({ ...people, roles: { 'eve-only': { trust } } })
  const grants = [grant(0, [user('ana'), role('eve-only')], ['viewer'], ['ml-dev'], mfa)]
  expect(told(grants, {}, assumed)).toEqual([])
  expect(told(grants)).toHaveLength(1)
})

test('a condition that another grant of the same principal makes pointless is said', () => {
  const bound = grant(0, [user('ana')], ['viewer'], ['ml-dev'], office)
  const messages = (...grants: readonly Grant[]) => told([bound, ...grants]).map(({ message }) => message)
  expect(messages(grant(1, [user('ana')], ['data-scientist'], ['ml-dev', 'ml-prod']))).toEqual([
    'user ana: the conditions of viewer on ml-dev change nothing, as other grants give all of it without any.',
  ])
  expect(messages(grant(1, [user('ana')], ['data-scientist'], ['ml-prod']))).toEqual([])
  expect(messages(grant(1, [user('ben')], ['data-scientist'], ['ml-dev']))).toEqual([])
  expect(messages(grant(1, [user('ana')], ['data-scientist'], ['ml-dev'], mfa))).toEqual([])
  // The usual shape: reading always, writing under a condition.
  const writing = grant(0, [user('ana')], ['data-scientist'], ['ml-dev'], office)
  expect(told([writing, grant(1, [user('ana')], ['viewer'], ['ml-dev'])])).toEqual([])
})

test('through a shared role, the grant of one profile undoes the condition on another', () => {
  const findings = told([
    grant(0, [profileRef('ana')], ['viewer'], ['ml-dev'], office),
    grant(1, [profileRef('ben')], ['viewer'], ['ml-dev']),
  ])
  expect(findings.map(({ message }) => message)).toEqual([
    'role ds-shared: the conditions of viewer on ml-dev change nothing, as other grants give all of it without any.',
  ])
})

test('an entry for every server is a finding where something is granted there, and no door where nothing is', () => {
  const any: GrantsServer = { kind: 'all', key: 'any', kms: [] }
  const servers = [server('ml-dev'), server('ml-prod'), any]
  const one = (on: string) => [grant(0, [user('ana')], ['viewer'], [on])]
  expect(told(one('ml-dev'), { servers })).toEqual([])
  expect(told(one('any'), { servers }).map(({ level }) => level)).toEqual(['high'])
  const roles = {
    sagemaker: {
      name: 'mlflow-sagemaker',
      passes: [],
      policy: 'narrow',
      existing: false,
      trust: { sourceAccount: false },
    },
  } as const
  expect(told(one('ml-dev'), { servers, roles }).map(({ level }) => level)).toEqual(['high'])
})
