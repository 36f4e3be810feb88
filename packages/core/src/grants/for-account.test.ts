import { expect, test } from 'vitest'
import { Problem } from '../problem.ts'
import { grantsForAccount } from './for-account.ts'
import { parseGrants } from './parse-grants.ts'

const rest = `version: 1
name: ml
region: eu-west-1
servers: { ml-prod: {} }
grants: [{ to: role/ci-trainer, persona: viewer }]
`
const file = parseGrants(
  `${rest}accounts: { "123456789012": { profile: dev }, "210987654321": { profile: prod, region: us-east-1 } }`,
  'grants.yaml',
)

test('speaks of one account as a file for that account alone would', () => {
  const { locate: _, ...dev } = grantsForAccount(file, '123456789012')
  const { locate: __, ...alone } = parseGrants(`${rest}account: "123456789012"`, 'grants.yaml')
  expect(dev).toEqual(alone)
  expect(grantsForAccount(file, '210987654321')).toMatchObject({
    account: '210987654321',
    region: 'us-east-1',
  })
})

test('leaves a file alone that lists none', () => {
  const plain = parseGrants(rest, 'grants.yaml')
  expect(grantsForAccount(plain, '999999999999')).toBe(plain)
})

test('refuses an account that is not listed, and names those that are', () => {
  const refuse = () => grantsForAccount(file, '999999999999')
  expect(refuse).toThrow(Problem)
  expect(refuse).toThrow('This is account 999999999999, which the grants file does not list.')
})
