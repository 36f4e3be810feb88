import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPolicy, sageMakerTrust } from '../../test/clients.ts'
import { emptyAccount } from '../account/empty-account.ts'
import { createSandbox, type Sandbox } from '../sandbox.ts'

const names = ['a', 'A', 'b', 'c']
const name = fc.constantFrom(...names)
const kind = fc.constantFrom('User', 'Role', 'Group')

/** Requests of every kind that changes IAM, on so few names that they meet. */
const request = fc.oneof(
  fc.record({ Action: kind.map((of) => `Create${of}`), name }),
  fc.record({ Action: kind.map((of) => `Delete${of}`), name }),
  fc.record({ Action: kind.map((of) => `Attach${of}Policy`), name, policy: name }),
  fc.record({ Action: kind.map((of) => `Detach${of}Policy`), name, policy: name }),
  fc.record({ Action: fc.constantFrom('AddUserToGroup', 'RemoveUserFromGroup'), name, other: name }),
  fc.record({ Action: fc.constantFrom('CreatePolicy'), name, path: fc.constantFrom('/', '/x/') }),
  fc.record({
    Action: fc.constantFrom(
      'CreatePolicyVersion',
      'DeletePolicyVersion',
      'SetDefaultPolicyVersion',
      'DeletePolicy',
    ),
    policy: name,
    version: fc.integer({ min: 1, max: 7 }),
  }),
  fc.record({
    Action: fc.constantFrom('PutUserPermissionsBoundary', 'DeleteUserPermissionsBoundary'),
    name,
    policy: name,
  }),
)

async function send(sandbox: Sandbox, { Action, ...given }: Record<string, unknown>): Promise<void> {
  const arn = `arn:aws:iam::123456789012:policy/${given.policy}`
  const all: Record<string, unknown> = {
    UserName: given.name,
    RoleName: given.name,
    GroupName: given.other ?? given.name,
    PolicyName: given.name,
    Path: given.path ?? '/',
    PolicyArn: arn,
    PermissionsBoundary: /Boundary/.test(String(Action)) ? arn : undefined,
    VersionId: `v${given.version}`,
    PolicyDocument: readPolicy,
    AssumeRolePolicyDocument: sageMakerTrust,
  }
  const body = new URLSearchParams({ Action: String(Action), Version: '2010-05-08' })
  for (const [member, value] of Object.entries(all)) if (value !== undefined) body.set(member, String(value))
  const authorization = 'Credential=A/20260101/us-east-1/iam/aws4_request'
  const response = await sandbox.handle({
    method: 'POST',
    path: '/',
    headers: { authorization },
    body: String(body),
  })
  expect(response.status).toBeLessThan(500)
}

test('whatever is asked in whatever order, the account stays consistent', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 60 }), async (requests) => {
      const sandbox = createSandbox({ state: emptyAccount() })
      for (const each of requests) await send(sandbox, each)
      const { users, groups, roles, policies } = sandbox.state
      for (const rows of [users, groups, roles, policies]) {
        const keys = rows.map((row) => row.name.toLowerCase())
        expect(new Set(keys).size).toBe(keys.length)
        expect(keys).toEqual([...keys].sort())
      }
      const arns = new Set(policies.map((policy) => policy.arn))
      const held = [...users, ...groups, ...roles].flatMap((holder) => holder.attached)
      const bounds = users.flatMap((user) => user.boundary ?? [])
      for (const arn of [...held, ...bounds]) expect(arns).toContain(arn)
      for (const holder of [...users, ...groups, ...roles]) {
        expect(new Set(holder.attached).size).toBe(holder.attached.length)
      }
      for (const user of users) {
        for (const group of user.groups) expect(groups.map((each) => each.name)).toContain(group)
      }
      for (const policy of policies) {
        expect(policy.versions.map((version) => version.id)).toContain(policy.defaultVersion)
        expect(policy.versions.length).toBeLessThanOrEqual(5)
        expect(await countsOf(sandbox, policy.arn)).toEqual({
          attachments: held.filter((arn) => arn === policy.arn).length,
          boundaries: bounds.filter((arn) => arn === policy.arn).length,
        })
      }
      // A copy opened from the saved state answers alike.
      const copy = createSandbox({ state: JSON.parse(JSON.stringify(sandbox.state)) })
      for (const { arn } of policies) expect(await countsOf(copy, arn)).toEqual(await countsOf(sandbox, arn))
    }),
    { numRuns: 60 },
  )
})

async function countsOf(sandbox: Sandbox, arn: string) {
  const { body } = await sandbox.handle({
    method: 'POST',
    path: '/',
    headers: { authorization: 'Credential=A/20260101/us-east-1/iam/aws4_request' },
    body: String(new URLSearchParams({ Action: 'GetPolicy', Version: '2010-05-08', PolicyArn: arn })),
  })
  const count = (member: string) => Number(new RegExp(`<${member}>(\\d+)<`).exec(body)?.[1])
  return { attachments: count('AttachmentCount'), boundaries: count('PermissionsBoundaryUsageCount') }
}
