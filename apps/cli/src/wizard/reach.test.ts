import { expect, test } from 'vitest'
import type { PrincipalInfo } from './people.ts'
import { joinReach, reachOf, reachSize, reachWords } from './reach.ts'

const info = (kind: PrincipalInfo['kind'], name: string, people: readonly string[] = []): PrincipalInfo => ({
  arn: `arn:aws:iam::123456789012:${kind === 'unknown' ? 'role' : kind}/${name}`,
  kind,
  name,
  people,
  attached: [],
})
const reach = (...list: readonly PrincipalInfo[]) => joinReach(list.map((each) => reachOf(each, undefined)))

test.each([
  ['a user', [info('user', 'ana')], '1 person'],
  ['a group and its members', [info('group', 'ds', ['ana', 'ben'])], '2 people'],
  ['a group without members', [info('group', 'empty')], '1 group'],
  ['a role that profiles share', [info('role', 'ds-shared', ['dara', 'elif', 'farid'])], '3 people'],
  ['a role that nobody acts through', [info('role', 'ci-trainer')], '1 role'],
  ['a role that is still to be made', [info('unknown', 'mlflow-sagemaker')], '1 role'],
  ['a permission set', [info('permission-set', 'MLScientist', ['1', '2'])], '2 accounts'],
  ['someone and a group of theirs', [info('user', 'ana'), info('group', 'ds', ['ana', 'ben'])], '2 people'],
  [
    'all kinds',
    [info('user', 'ana'), info('role', 'ci'), info('group', 'none'), info('permission-set', 'S', ['1'])],
    '1 person, 1 role, 1 group and 1 account',
  ],
  ['nothing', [], 'nobody'],
] as const)('%s is counted as what it is', (_, list, words) => {
  expect(reachWords(reach(...list))).toBe(words)
})

test('the size counts everyone and everything once', () => {
  expect(reachSize(reach())).toBe(0)
  expect(reachSize(reach(info('user', 'ana'), info('user', 'ana'), info('role', 'ci')))).toBe(2)
})
