import { expect, test } from 'vitest'
import { Account } from '../account/account.ts'
import type { AccountState } from '../account/state.ts'
import { checkIdentityPolicy } from '../iam/policy-grammar.ts'
import { checkManagedDocument } from '../iam/policy-versions.ts'
import { checkTrustPolicy } from '../iam/trust-grammar.ts'
import { seedLarge } from './seed-large.ts'
import { seedProd } from './seed-prod.ts'
import { seedTeam } from './seed-team.ts'

test('the team has the shape that the product promises', () => {
  const team = seedTeam()
  expect(team).toMatchObject({ account: '123456789012', alias: 'ml-sandbox' })
  expect(team.servers.map((each) => `${each.name} ${each.size} ${each.status}`)).toEqual([
    'ml-dev Small Created',
    'ml-staging Small Created',
    'ml-prod Medium Stopped',
  ])
  expect(team.apps).toHaveLength(1)
  expect(team.users).toHaveLength(12)
  expect(team.groups).toHaveLength(6)
  expect(team.profiles).toHaveLength(131)
  expect(team.center?.permissionSets).toHaveLength(27)
})

test('the same team is made every time', () => {
  expect(seedTeam()).toEqual(seedTeam())
  expect(JSON.parse(JSON.stringify(seedTeam()))).toEqual(seedTeam())
})

test('nothing that is seeded breaks the rules of AWS', () => {
  for (const state of [seedTeam(), seedProd(), seedLarge({ principals: 300 })] as AccountState[]) {
    const account = new Account(state)
    const principals = [...state.users, ...state.groups, ...state.roles]
    for (const policy of [...state.policies, ...account.awsPolicies.rows]) {
      for (const version of policy.versions) checkManagedDocument(version.document)
    }
    for (const holder of principals) {
      expect(holder.name).toMatch(/^[\w+=,.@-]{1,64}$/)
      expect(holder.attached.length).toBeLessThanOrEqual(10)
      for (const arn of holder.attached) expect(account.policyByArn(arn)?.arn).toBe(arn)
      for (const inline of holder.inline) checkIdentityPolicy(inline.document)
    }
    for (const role of state.roles) {
      if (!role.path.startsWith('/aws-service-role/')) checkTrustPolicy(account, role.trust)
    }
    for (const rows of [account.users, account.groups, account.roles, account.policies]) {
      expect(new Set(rows.rows.map((row) => row.name.toLowerCase())).size).toBe(rows.rows.length)
      expect(new Set(rows.rows.map((row) => row.id)).size).toBe(rows.rows.length)
    }
    for (const profile of state.profiles) {
      expect(profile.name).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/)
      if (profile.role !== undefined) expect(state.roles.map((role) => role.arn)).toContain(profile.role)
    }
    for (const { groups } of state.users) {
      for (const name of groups) expect(account.groups.find(name.toLowerCase())?.name).toBe(name)
    }
    expect(new Set(state.profiles.map((each) => each.name)).size).toBe(state.profiles.length)
  }
})

test('those whom an example would grant access have none yet', () => {
  const team = seedTeam()
  const clean = [...team.users, ...team.groups, ...team.roles].filter((each) =>
    ['ana', 'ben', 'ml-reviewers', 'ci-trainer', 'gpu-jobs'].includes(each.name),
  )
  expect(clean).toHaveLength(5)
  for (const { attached, inline } of clean) {
    expect(attached).toEqual([])
    expect(inline.every((each) => !each.document.includes('mlflow'))).toBe(true)
  }
})
