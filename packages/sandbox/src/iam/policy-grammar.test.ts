import { CreatePolicyCommand, CreateRoleCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { describe, expect, test } from 'vitest'
import { clientsOf, refusalOf } from '../../test/clients.ts'
import { createSandbox } from '../sandbox.ts'
import identityCases from './cases/identity-policies.json' with { type: 'json' }
import trustCases from './cases/trust-policies.json' with { type: 'json' }

const { iam } = clientsOf(createSandbox())
let made = 0

function verdict(expected: string): string {
  return expected === 'accepted' ? 'accepted' : `MalformedPolicyDocumentException 400`
}

describe('an identity policy with', () => {
  test.each(identityCases)('$name: $expected', async ({ document, expected }) => {
    made += 1
    const text = JSON.stringify(document)
    const managed = await refusalOf(
      iam.send(new CreatePolicyCommand({ PolicyName: `p${made}`, PolicyDocument: text })),
    )
    const inline = await refusalOf(
      iam.send(new PutUserPolicyCommand({ UserName: 'ana', PolicyName: 'one', PolicyDocument: text })),
    )
    expect(managed).toContain(verdict(expected))
    expect(managed).toContain(expected)
    expect(inline).toBe(managed)
  })
})

describe('a trust policy with', () => {
  test.each(trustCases)('$name: $expected', async ({ statement, expected }) => {
    made += 1
    const text = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
    const said = await refusalOf(
      iam.send(new CreateRoleCommand({ RoleName: `r${made}`, AssumeRolePolicyDocument: text })),
    )
    expect(said).toContain(verdict(expected))
    expect(said).toContain(expected)
  })
})

test('a trust policy may have the old version, an identity policy may not', async () => {
  const trust = JSON.stringify({
    Version: '2008-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  })
  const create = new CreateRoleCommand({ RoleName: 'old', AssumeRolePolicyDocument: trust })
  expect(await refusalOf(iam.send(create))).toBe('accepted')
})

test('documents hold Latin-1 and nothing beyond it', async () => {
  const withText = (text: string) =>
    refusalOf(
      iam.send(
        new PutUserPolicyCommand({
          UserName: 'ben',
          PolicyName: 'text',
          PolicyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:a': text } } },
            ],
          }),
        }),
      ),
    )
  expect(await withText('café ÿ')).toBe('accepted')
  for (const text of ['“quoted”', '日本', '🙂']) {
    expect(await withText(text)).toMatch(/^ValidationError 400 .*policyDocument.*regular expression pattern/)
  }
})

test('what is not JSON is refused', async () => {
  for (const text of ['{', 'hello', '[]', 'null', '{"Version":"2012-10-17","Statement":[{}]} trailing']) {
    const create = new CreatePolicyCommand({ PolicyName: 'broken', PolicyDocument: text })
    expect(await refusalOf(iam.send(create))).toMatch(/^MalformedPolicyDocumentException 400/)
  }
})
