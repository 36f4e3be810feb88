import { CreateGroupCommand, TagRoleCommand } from '@aws-sdk/client-iam'
import { beforeEach, describe, expect, test } from 'vitest'
import { refusalOf } from '../../test/clients.ts'
import { iamFixture } from '../../test/iam-fixture.ts'

type Fixture = ReturnType<typeof iamFixture>
let iam: Fixture['iam']
let role: Fixture['role']
let user: Fixture['user']
let policy: Fixture['policy']
beforeEach(() => {
  ;({ iam, role, user, policy } = iamFixture())
})

describe('names', () => {
  test('are unique whatever the case and the path', async () => {
    await Promise.all([
      role('Trainer'),
      user('Ana'),
      policy('Read'),
      iam.send(new CreateGroupCommand({ GroupName: 'Team' })),
    ])
    const again = [
      role('tRAINER', { Path: '/elsewhere/' }),
      user('ANA'),
      policy('read', { Path: '/elsewhere/' }),
      iam.send(new CreateGroupCommand({ GroupName: 'team', Path: '/x/' })),
    ]
    for (const request of again) expect(await refusalOf(request)).toMatch(/^EntityAlreadyExistsException 409/)
  })

  test.each([
    ['with a space', 'my role', /^ValidationError 400 The specified value for roleName is invalid/],
    ['of 64 characters', 'r'.repeat(64), /^accepted/],
    [
      'of 65 characters',
      'r'.repeat(65),
      /^ValidationError 400 1 validation error detected: .*less than or equal to 64/,
    ],
    ['with every sign that is allowed', 'a+b=c,d.e@f-g_h', /^accepted/],
    ['of another alphabet', 'rôle', /^ValidationError 400/],
    ['of nothing', '', /^ValidationError 400/],
    ['of JavaScript', '__proto__', /^accepted/],
    ['of JavaScript again', 'constructor', /^accepted/],
  ])('%s', async (_, name, expected) => {
    expect(await refusalOf(role(name))).toMatch(expected)
  })

  test.each([
    ['/teams/ml/', /^accepted/],
    ['teams/', /^ValidationError 400/],
    ['/teams', /^ValidationError 400/],
    [`/${'x'.repeat(510)}/`, /^accepted/],
    [`/${'x'.repeat(511)}/`, /^ValidationError 400/],
  ])('path %s', async (path, expected) => {
    expect(await refusalOf(role('pathed', { Path: path }))).toMatch(expected)
  })

  test('descriptions and tags keep their rules', async () => {
    expect(await refusalOf(role('a', { Description: 'x'.repeat(1001) }))).toMatch(/^ValidationError/)
    expect(await refusalOf(role('b', { Description: 'an “apt” one' }))).toMatch(/^ValidationError/)
    expect(await refusalOf(role('c', { Tags: [{ Key: 'a#b', Value: '' }] }))).toMatch(/^ValidationError/)
    const twice = [
      { Key: 'Team', Value: 'a' },
      { Key: 'team', Value: 'b' },
    ]
    expect(await refusalOf(role('d', { Tags: twice }))).toMatch(
      /^InvalidInputException 400 Duplicate tag keys/,
    )
    const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }))
    expect(await refusalOf(role('e', { Tags: many }))).toMatch(/^ValidationError/)
    await role('f', { Tags: many.slice(0, 50) })
    const oneMore = new TagRoleCommand({ RoleName: 'f', Tags: [{ Key: 'more', Value: '' }] })
    expect(await refusalOf(iam.send(oneMore))).toMatch(/^LimitExceededException 409/)
  })
})
