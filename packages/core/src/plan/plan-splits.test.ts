import { expect, test } from 'vitest'
import { policyArn, roleArn } from '../../test/accounts/small-account.ts'
import {
  domainId,
  jobs,
  profileRef,
  sharedArn,
  studioAccount,
  studioProfile,
} from '../../test/accounts/studio-account.ts'
import { grant, grantsFile, role, server } from '../../test/grants-fixture.ts'
import { mlflowActions } from '../catalog/actions.ts'
import { compareAccess } from '../evaluate/compare-access.ts'
import type { GrantsFile } from '../grants/grants-file.ts'
import { Problem } from '../problem.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { splitRoleName } from '../target/split-roles.ts'
import { agreementOf } from './agreement.ts'
import { buildPlan } from './build-plan.ts'
import { findStaleness } from './fingerprint.ts'
import type { Plan } from './plan.ts'
import { projectPlan } from './project-plan.ts'

const now = new Date('2026-11-24T12:00:00Z')
const ben = `profile/${domainId}/ben`
const benRole = splitRoleName('ml-platform', ben)

function fileOf(parts: Partial<GrantsFile> = {}): GrantsFile {
  return grantsFile({
    servers: [server('ml-dev')],
    grants: [grant(0, [profileRef('ben')], ['data-scientist'], ['ml-dev'])],
    split: [{ profile: ben }],
    ...parts,
  })
}

function planFor(file: GrantsFile, snapshot: Snapshot = studioAccount(), prune = false): Plan {
  return buildPlan({ file, snapshot, prune, now })
}

function after(plan: Plan, snapshot: Snapshot = studioAccount()): Snapshot {
  return projectPlan(snapshot, plan.operations)
}

function complaintsOf(make: () => unknown): readonly string[] {
  try {
    make()
    return []
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return (error.errors ?? [{ ...error, why: error.why }]).map(({ what, why }) => `${what} ${why}`)
  }
}

test('a split makes a copy of the shared role, gives it the grants, and only then moves the profile', () => {
  const plan = planFor(fileOf())
  expect(plan.operations.map(({ action }) => action)).toEqual([
    'CreateRole',
    'CreatePolicy',
    'CreatePolicy',
    'AttachRolePolicy',
    'AttachRolePolicy',
    'AttachRolePolicy',
    'UpdateUserProfile',
  ])
  const shared = studioAccount().roles.find(({ name }) => name === 'ds-shared')
  expect(plan.operations[0]?.input).toEqual({
    RoleName: benRole,
    Path: '/service-role/',
    AssumeRolePolicyDocument: JSON.stringify(JSON.parse(shared?.trust ?? ''), null, 2),
    Description: 'Execution role of SageMaker profile d-abc123/ben, split from role ds-shared',
    PermissionsBoundary: shared?.boundary,
    Tags: [
      { Key: 'managed-by', Value: 'mlflow-iam' },
      { Key: 'mlflow-iam:grants', Value: 'ml-platform' },
      { Key: 'mlflow-iam:split-profile', Value: studioProfile('ben').arn },
      { Key: 'mlflow-iam:split-from', Value: 'ds-shared' },
      { Key: 'team', Value: 'ml' },
    ],
  })
  expect(plan.operations.at(-1)).toMatchObject({
    input: {
      DomainId: domainId,
      UserProfileName: 'ben',
      UserSettings: { ExecutionRole: `arn:aws:iam::123456789012:role/service-role/${benRole}` },
    },
    risk: 'changes',
    inverse: [{ input: { UserSettings: { ExecutionRole: sharedArn } } }],
  })
})

test('an inline policy of the shared role is carried over as an owned policy with the same document', () => {
  const carried = planFor(fileOf()).target.policies.find(({ name }) => name.includes('carried'))
  expect(carried?.document).toEqual(jobs)
  expect(carried?.description).toContain('Inline policy jobs of role ds-shared')
})

test('the second plan is empty, and stays empty when something else is attached to the new role by hand', () => {
  const file = fileOf()
  const done = after(planFor(file))
  expect(planFor(file, done).operations).toEqual([])
  expect(planFor(file, done, true).operations).toEqual([])
  expect(
    compareAccess(planFor(file, done).target, done, { name: file.name, now, strict: false }).differences,
  ).toEqual([])
  const more = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
  const touched = {
    ...done,
    roles: done.roles.map((each) =>
      each.name === benRole ? { ...each, attached: [...each.attached, more] } : each,
    ),
  }
  expect(planFor(file, touched).operations).toEqual([])
})

test('a split that broke off before the profile moved is completed', () => {
  const file = fileOf()
  const plan = planFor(file)
  for (let done = 0; done <= plan.operations.length; done += 1) {
    const halfway = projectPlan(studioAccount(), plan.operations.slice(0, done))
    const rest = planFor(file, halfway)
    expect(rest.operations.map(({ action }) => action)).toEqual(
      plan.operations.slice(done).map(({ action }) => action),
    )
  }
})

test('grants of a split profile reach its own role alone, and others who shared it lose them', () => {
  const together = fileOf({ split: [] })
  const before = after(planFor(together))
  const plan = planFor(fileOf(), before)
  const [own] = plan.target.access
  expect(own?.principals).toEqual([`arn:aws:iam::123456789012:role/service-role/${benRole}`])
  expect(plan.operations.slice(-2)).toMatchObject([
    { action: 'UpdateUserProfile' },
    { action: 'DetachRolePolicy', input: { RoleName: 'ds-shared' }, risk: 'removes' },
  ])
  const lost = plan.findings.filter(({ code }) => code === 'access-lost')
  expect(lost.map(({ message }) => message)).toEqual([expect.stringContaining('ds-shared loses')])
  expect(agreementOf(plan).confirm).toBe(true)
  expect(planFor(fileOf(), after(plan, before)).operations).toEqual([])
})

test('grants to the shared role itself are not carried over, and the plan says what the profile loses', () => {
  const before = after(
    planFor(fileOf({ split: [], grants: [grant(0, [role('ds-shared')], ['viewer'], ['ml-dev'])] })),
  )
  const plan = planFor(
    fileOf({
      grants: [
        grant(0, [role('ds-shared')], ['viewer'], ['ml-dev']),
        grant(1, [profileRef('ben')], ['model-consumer'], ['ml-dev']),
      ],
    }),
    before,
  )
  const left = plan.findings.find(({ code }) => code === 'split-leaves-grants')
  expect(left?.level).toBe('review')
  expect(left?.message).toContain(
    'Profile d-abc123/ben no longer has what role ds-shared is granted: viewer on ml-dev.',
  )
  expect(plan.findings.find(({ code }) => code === 'access-lost')?.message).toMatch(
    /^profile d-abc123\/ben loses/u,
  )
})

test('who shares a role is counted without the profiles that are split from it', () => {
  const file = fileOf({
    grants: [grant(0, [profileRef('ana'), profileRef('ben')], ['viewer'], ['ml-dev'])],
  })
  const people = (of: GrantsFile) =>
    Object.fromEntries(planFor(of).target.principals.map(({ name, people: who }) => [name, who]))
  expect(people({ ...file, split: [] })).toEqual({ 'ds-shared': ['d-abc123/ana', 'd-abc123/ben'] })
  expect(people(file)).toEqual({ 'ds-shared': ['d-abc123/ana'], [benRole]: ['d-abc123/ben'] })
  expect(planFor(file).findings.map(({ code }) => code)).not.toContain('shared-principal')
})

test('the finding about a shared role names the split that ends the sharing, and with it nothing is shared', () => {
  const told = (to: GrantsFile['grants'][number]['to'], split: GrantsFile['split'] = []) =>
    planFor(fileOf({ split, grants: [grant(0, to, ['viewer'], ['ml-dev'])] })).findings.find(
      ({ code }) => code === 'shared-principal',
    )?.message
  expect(told([profileRef('ben')])).toMatch(
    /To give it to d-abc123\/ben alone, .*split: \{ profile\/d-abc123\/ben: \{\} \}\.$/u,
  )
  expect(told([profileRef('ben')], [{ profile: `profile/${domainId}/ben` }])).toBeUndefined()
  expect(
    told([{ kind: 'role', name: 'ds-shared', path: '/service-role/', text: 'role/service-role/ds-shared' }]),
  ).toMatch(/one of them .*split: \{ profile\/d-abc123\/ana: \{\} \} and grant to that profile\.$/u)
})

test('a profile that follows its domain is told that a rollback names the role instead', () => {
  const cleo = `profile/${domainId}/cleo`
  const file = fileOf({ split: [{ profile: cleo, role: 'cleo-mlflow' }], grants: [] })
  const plan = planFor(file)
  expect(plan.operations.at(-1)?.inverse).toMatchObject([
    { input: { UserSettings: { ExecutionRole: roleArn('studio-default') } } },
  ])
  expect(plan.findings.map(({ code, level }) => `${level} ${code}`)).toEqual([
    'review profile-switches',
    'low split-leaves-domain',
  ])
  expect(plan.findings[0]?.message).toContain('1 other profile keeps using')
})

test('a profile that shares with nobody may be split, and the plan says that it need not be', () => {
  const plan = planFor(fileOf({ split: [{ profile: `profile/${domainId}/eve` }], grants: [] }))
  expect(plan.findings.map(({ code }) => code)).toContain('split-not-shared')
  expect(plan.operations.at(-1)?.action).toBe('UpdateUserProfile')
})

test('policies that name the shared role by its ARN are pointed out', () => {
  expect(planFor(fileOf()).findings.find(({ code }) => code === 'split-names-old-role')?.message).toMatch(
    /^policy mlflow-iam-carried-[0-9a-f]{8} names role ds-shared by its ARN/u,
  )
})

test('what cannot be split is refused with its reason, all at once', () => {
  const wide = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: 'x'.repeat(7000) }],
  }
  const eleven = Array.from({ length: 10 }, (_, index) => `arn:aws:iam::aws:policy/P${index}`)
  const account = studioAccount({
    roles: {
      'eve-only': { inline: { wide } },
      'studio-default': { attached: eleven, inline: { jobs } },
      [benRole]: {},
    },
  })
  const file = fileOf({
    grants: [],
    split: ['ben', 'cleo', 'eve', 'zoe'].map((name) => ({ profile: `profile/${domainId}/${name}` })),
  })
  const complaints = complaintsOf(() => planFor(file, account))
  expect(complaints).toHaveLength(4)
  expect(complaints[0]).toContain(`The role name ${benRole} is taken by`)
  expect(complaints[1]).toContain('would need 11 policies attached before any grant; IAM allows 10')
  expect(complaints[2]).toContain('The inline policy wide of role eve-only cannot be carried over. It has 7')
  expect(complaints[3]).toContain('There is no profile zoe in SageMaker domain d-abc123')
})

test('a made-up name is valid, deterministic and different for each profile and file', () => {
  const long = `profile/${domainId}/${'a'.repeat(63)}`
  expect(splitRoleName('ml-platform', long)).toMatch(/^mlflow-iam-a{44}-[0-9a-f]{8}$/u)
  expect(splitRoleName('ml-platform', long)).toHaveLength(64)
  const names = ['a', 'b'].flatMap((name) =>
    [ben, `profile/${domainId}/Ben`].map((who) => splitRoleName(name, who)),
  )
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(4)
})

test('a changed profile or shared role makes the plan stale, and is named', () => {
  const plan = planFor(fileOf())
  const account = studioAccount()
  const moved = {
    ...account,
    profiles: account.profiles.map((one) => (one.name === 'ben' ? studioProfile('ben', 'eve-only') : one)),
  }
  expect(findStaleness(plan, moved)).toEqual([
    `profile ben: role changed from ${sharedArn} to ${roleArn('eve-only')}.`,
  ])
  const grown = {
    ...account,
    roles: account.roles.map((one) =>
      one.name === 'ds-shared'
        ? { ...one, attached: [...one.attached, 'arn:aws:iam::aws:policy/Other'] }
        : one,
    ),
  }
  expect(findStaleness(plan, grown)).toEqual([
    'role ds-shared: attachments changed (+ arn:aws:iam::aws:policy/Other).',
  ])
  expect(findStaleness(plan, account)).toEqual([])
})

test('a role whose split left the file stays while its profile uses it, with all that was carried over', () => {
  const done = after(planFor(fileOf()))
  const gone = fileOf({ split: [], grants: [] })
  for (const prune of [false, true]) {
    const plan = planFor(gone, done, prune)
    const kept = plan.findings.find(({ code }) => code === 'split-not-listed')
    expect(kept?.message).toContain('It stays: profile d-abc123/ben acts through it.')
    expect(kept?.message).toContain(
      `aws sagemaker update-user-profile --region eu-west-1 --domain-id d-abc123 --user-profile-name ben --user-settings ExecutionRole=${sharedArn}`,
    )
    const left = after(plan, done)
    expect(
      left.roles.find(({ name }) => name === benRole)?.attached.some((arn) => arn.includes('carried')),
    ).toBe(true)
    expect(planFor(gone, left, prune).operations).toEqual([])
  }
})

test('what the copied boundary takes from the grants is said of a new role as of one that is there', () => {
  const guide = {
    Effect: 'Allow',
    Action: mlflowActions.filter(({ inGuide }) => inGuide).map(({ name }) => name),
  }
  const bounded = studioAccount({
    policies: { 'team-boundary': { Version: '2012-10-17', Statement: [{ ...guide, Resource: '*' }] } },
  })
  const told = (file: GrantsFile) =>
    planFor(file, bounded).findings.find(({ code }) => code === 'boundary-older-actions')?.message
  expect(told(fileOf({ split: [] }))).toContain('ds-shared: the permissions boundary team-boundary')
  expect(told(fileOf())).toContain(`${benRole}: the permissions boundary team-boundary`)
})

test('a copy without room for its grants names what to make room on', () => {
  const names = Array.from({ length: 9 }, (_, place) => `Crowd${place}`)
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] }
  const crowded = studioAccount({ policies: Object.fromEntries(names.map((name) => [name, document])) })
  const full = {
    ...crowded,
    roles: crowded.roles.map((role) =>
      role.name === 'ds-shared' ? { ...role, attached: names.map((name) => policyArn(name)) } : role,
    ),
  }
  expect(() => planFor(fileOf(), full)).toThrow(
    expect.objectContaining({
      what: `role ${benRole} would need 1 policy and has room for 0.`,
      fix: [expect.stringMatching(/^Detach policies from the role that it copies/u)],
    }),
  )
})

test('another role for a split profile is told as what it is, and of the first one nothing that the plan undoes', () => {
  const done = after(planFor(fileOf()))
  const [split] = fileOf().split
  if (!split) throw new Error('The file splits.')
  const plan = planFor(fileOf({ split: [{ ...split, role: 'ben-own' }] }), done)
  const messages = plan.findings.map(({ message }) => message)
  expect(messages).toContain(
    `Role ${benRole} was made to split profile d-abc123/ben, to which the file gives ben-own now. It stays: profile d-abc123/ben acts through it. Once that is applied and it is free, --prune deletes it.`,
  )
  expect(messages.join('\n')).not.toContain('no longer lists')
  const codes = plan.findings.map(({ code }) => code)
  expect(codes).not.toContain('not-in-file')
  expect(codes).not.toContain('split-not-shared')
})

test('after a change of its role, a profile is still told the way back to the role that it shared', () => {
  const done = after(planFor(fileOf()))
  const renamed = fileOf({ split: [{ profile: ben, role: 'ben-own' }] })
  const moved = after(planFor(renamed, done), done)
  const pruned = after(planFor(renamed, moved, true), moved)
  expect(pruned.roles.map(({ name }) => name)).not.toContain(benRole)
  const left = planFor(fileOf({ split: [] }), pruned).findings.find(({ code }) => code === 'split-not-listed')
  expect(left?.message).toContain(`--user-settings ExecutionRole=${sharedArn};`)
})

test('prune deletes such a role once its profile is back, and not where the profiles were not read', () => {
  const done = after(planFor(fileOf()))
  const back = { ...done, profiles: studioAccount().profiles }
  const gone = fileOf({ split: [], grants: [] })
  const plan = planFor(gone, back, true)
  expect(plan.operations.map(({ action }) => action)).toEqual([
    'DetachRolePolicy',
    'DetachRolePolicy',
    'DetachRolePolicy',
    'DeletePolicy',
    'DeletePolicy',
    'DeleteRole',
  ])
  expect(after(plan, back).roles.map(({ name }) => name)).toEqual(
    studioAccount().roles.map(({ name }) => name),
  )
  const unread = { ...back, domains: [], profiles: [] }
  expect(planFor(gone, unread, true).operations.map(({ action }) => action)).not.toContain('DeleteRole')
})

test('a split profile still counts through the grants when split is dropped from the file', () => {
  const done = after(planFor(fileOf()))
  const plan = planFor(fileOf({ split: [] }), done, true)
  expect(plan.operations).toEqual([])
})
