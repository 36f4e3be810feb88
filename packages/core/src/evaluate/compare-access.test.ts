import { expect, test } from 'vitest'
import {
  groupArn,
  now,
  policyArn,
  serverArn,
  smallAccount,
  userArn,
} from '../../test/accounts/small-account.ts'
import { grant, grantsFile, role, server, user } from '../../test/grants-fixture.ts'
import type { Grant, GrantsFile } from '../grants/grants-file.ts'
import { buildPlan } from '../plan/build-plan.ts'
import { projectPlan } from '../plan/project-plan.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { compileTarget } from '../target/compile-target.ts'
import { compareAccess } from './compare-access.ts'

const allow = (actions: string | readonly string[], more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: '*', ...more }],
})

const anaViews = grant(0, [user('ana')], ['viewer'], ['ml-dev'])

function fileWith(...grants: Grant[]): GrantsFile {
  return grantsFile({ name: 'team', servers: [server('ml-dev'), server('ml-prod')], grants })
}

/** The account after the file's own plan was applied. */
function applied(file: GrantsFile, before: Snapshot): Snapshot {
  return projectPlan(before, buildPlan({ file, snapshot: before, prune: false, now }).operations)
}

function check(
  file: GrantsFile,
  snapshot: Snapshot,
  more: { strict?: boolean; prune?: boolean; at?: Date } = {},
) {
  const at = more.at ?? now
  const { target } = compileTarget(file, snapshot, at)
  return compareAccess(target, snapshot, {
    name: 'team',
    now: at,
    strict: more.strict ?? false,
    prune: more.prune ?? false,
  })
}

function changed(
  snapshot: Snapshot,
  name: string,
  change: (user: Snapshot['users'][number]) => Partial<Snapshot['users'][number]>,
): Snapshot {
  return {
    ...snapshot,
    users: snapshot.users.map((one) => (one.name === name ? { ...one, ...change(one) } : one)),
  }
}

const empty = smallAccount({ users: { ana: {}, ben: {} }, roles: { ds: {} } })

test('an account that was just set up is as described', () => {
  const file = fileWith(
    anaViews,
    grant(1, [user('ben'), role('ds')], ['data-scientist', 'model-approver'], ['ml-dev', 'ml-prod']),
  )
  const found = check(file, applied(file, empty))
  expect(found.differences).toEqual([])
  expect(found.ok).toBe(true)
  const row = found.access.find(
    (one) => one.principal === userArn('ana') && one.server === serverArn('ml-dev'),
  )
  expect(row?.allowed).toHaveLength(20)
  expect(row?.elsewhere).toEqual([])
})

test('before anything is applied, all of it is missing and the sentence says why', () => {
  const { ok, differences } = check(fileWith(anaViews), empty)
  expect(ok).toBe(false)
  expect(differences).toHaveLength(1)
  expect(differences[0]).toMatchObject({ principal: userArn('ana'), server: serverArn('ml-dev'), extra: [] })
  expect(differences[0]?.missing).toHaveLength(20)
  expect(differences[0]?.because).toMatch(
    /^Policy mlflow-iam-viewer-\w{8} \(viewer on ml-dev\) is not there\. .*No policy allows AccessUI\.$/,
  )
})

test('a policy detached by hand is missing access, and is named', () => {
  const file = fileWith(anaViews)
  const { differences } = check(
    file,
    changed(applied(file, empty), 'ana', () => ({ attached: [] })),
  )
  expect(differences).toHaveLength(1)
  expect(differences[0]?.because).toMatch(/^Policy mlflow-iam-viewer-\w{8} is not attached to user\/ana\./)
})

test('one of our policies attached by hand is extra access', () => {
  const file = fileWith(anaViews, grant(1, [user('ben')], ['data-scientist'], ['ml-prod']))
  const there = applied(file, empty)
  const bens = there.users.find((one) => one.name === 'ben')?.attached ?? []
  const { differences } = check(
    file,
    changed(there, 'ana', (ana) => ({ attached: [...ana.attached, ...bens] })),
  )
  expect(differences).toMatchObject([
    { principal: userArn('ana'), server: serverArn('ml-prod'), missing: [] },
  ])
  expect(differences[0]?.extra).toContain('LogMetric')
  expect(differences[0]?.extra).not.toContain('AccessUI')
  expect(differences[0]?.because).toMatch(/is attached to user\/ana, which the file does not say/)
})

test('a document changed by hand is extra or missing access, and is named', () => {
  const file = fileWith(anaViews)
  const there = applied(file, empty)
  const versions = [{ id: 'v1', document: JSON.stringify(allow('sagemaker-mlflow:Delete*')) }]
  const tampered = { ...there, policies: there.policies.map((policy) => ({ ...policy, versions })) }
  const { differences } = check(file, tampered)
  const here = differences.find((one) => one.server === serverArn('ml-dev'))
  expect(here?.missing).toContain('GetRun')
  expect(here?.extra).toContain('DeleteRun')
  expect(here?.because).toMatch(/says something else in its default version v1/)
  expect(differences.find((one) => one.server === serverArn('ml-prod'))?.extra).toContain('DeleteRun')
})

test('access from elsewhere is no difference, unless strict', () => {
  const file = fileWith(anaViews)
  const legacy = {
    policies: { legacy: allow(['sagemaker-mlflow:DeleteRun', 'sagemaker-mlflow:AccessUI']) },
    users: { ana: { attached: [policyArn('legacy')] } },
  }
  const there = applied(file, smallAccount(legacy))
  const relaxed = check(file, there)
  expect(relaxed.ok).toBe(true)
  expect(relaxed.access.find((row) => row.server === serverArn('ml-prod'))?.elsewhere).toEqual([
    { policy: policyArn('legacy'), actions: ['AccessUI', 'DeleteRun'] },
  ])
  expect(check(file, there, { strict: true }).differences).toEqual(
    [serverArn('ml-dev'), serverArn('ml-prod')].map((arn) => ({
      principal: userArn('ana'),
      server: arn,
      missing: [],
      extra: ['DeleteRun'],
      because: `DeleteRun is allowed by statement #1 of ${policyArn('legacy')}.`,
    })),
  )
})

test('AccessUI is compared once a principal and is never extra on a server', () => {
  const file = fileWith(anaViews, grant(1, [user('ana')], ['training-job'], ['ml-prod']))
  const there = applied(file, empty)
  expect(check(file, there).ok).toBe(true)

  const noUi = fileWith(grant(0, [user('ana')], ['training-job'], ['ml-dev', 'ml-prod']))
  const withUi = applied(noUi, smallAccount({ users: { ana: {} } }))
  const ui = { name: 'ui', document: JSON.stringify(allow('sagemaker-mlflow:AccessUI')) }
  const strict = check(
    noUi,
    changed(withUi, 'ana', () => ({ inline: [ui] })),
    { strict: true },
  )
  expect(strict.differences).toMatchObject([{ server: '*', extra: ['AccessUI'], missing: [] }])
})

test('a deny from elsewhere is missing access, named by its statement', () => {
  const file = fileWith(anaViews)
  const deny = {
    Version: '2012-10-17',
    Statement: [{ Sid: 'Freeze', Effect: 'Deny', Action: 'sagemaker-mlflow:GetRun', Resource: '*' }],
  }
  const there = applied(file, smallAccount({ users: { ana: { inline: { deny } } } }))
  expect(check(file, there).differences).toEqual([
    {
      principal: userArn('ana'),
      server: serverArn('ml-dev'),
      missing: ['GetRun'],
      extra: [],
      because: `GetRun is denied by statement Freeze of inline:deny@${userArn('ana')}.`,
    },
  ])
})

test('a foreign deny that hangs on MFA leaves the grant in place, and the row says what it hangs on', () => {
  const deny = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'NeedsMfa',
        Effect: 'Deny',
        NotAction: 'iam:*',
        Resource: '*',
        Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
      },
    ],
  }
  const file = fileWith(anaViews)
  const there = applied(file, smallAccount({ users: { ana: { inline: { deny } } } }))
  const found = check(file, there)
  expect(found.differences).toEqual([])
  expect(found.access[0]?.allowed).toEqual([])
  expect(found.access[0]?.depends).toHaveLength(20)
  expect(found.access[0]?.depends[0]?.keys).toEqual(['aws:MultiFactorAuthPresent'])

  const lost = check(
    file,
    changed(there, 'ana', () => ({ attached: [] })),
  )
  expect(lost.differences[0]?.missing).toHaveLength(20)
})

const conditional = (when: Partial<NonNullable<Grant['when']>>) =>
  grant(0, [user('ana')], ['viewer'], ['ml-dev'], {
    when: { ip: [], vpce: [], vpc: [], sessionTags: {}, ...when },
  })

test.each([
  ['MFA', { mfa: true }],
  ['a network', { ip: ['203.0.113.0/24', '2001:db8::/32'] }],
  ['an endpoint', { vpce: ['vpce-1'] }],
  ['a VPC', { vpc: ['vpc-1'] }],
  ['a session tag', { sessionTags: { team: 'vision' } }],
])(
  'access that asks for %s is as described: given to a request that meets it, and to no other',
  (_, when) => {
    const file = fileWith(conditional(when))
    const there = applied(file, smallAccount({ users: { ana: { tags: { team: 'vision' } } } }))
    if (!('sessionTags' in when)) expect(check(file, there).access[0]?.allowed).toEqual([])
    expect(check(file, there).differences).toEqual([])

    const bare = there.policies.map((policy) => ({
      ...policy,
      versions: policy.versions.map((version) => ({
        ...version,
        document: version.document.replace(/,\s*"Condition": \{(?:[^{}]|\{[^{}]*\})*\}/g, ''),
      })),
    }))
    const open = check(file, { ...there, policies: bare })
    expect(open.ok).toBe(false)
  },
)

test('grants with and without a condition add up', () => {
  const file = fileWith(
    anaViews,
    grant(1, [user('ana')], ['ml-engineer'], ['ml-dev'], {
      when: { mfa: true, ip: [], vpce: [], vpc: [], sessionTags: {} },
    }),
  )
  expect(check(file, applied(file, empty)).differences).toEqual([])
})

test('access until a date is as described before it, and gone after it', () => {
  const file = fileWith(grant(0, [user('ana')], ['viewer'], ['ml-dev'], { until: '2027-04-01T00:00:00Z' }))
  const there = applied(file, empty)
  expect(check(file, there).ok).toBe(true)
  expect(check(file, there).access[0]?.allowed).toHaveLength(20)
  const later = check(file, there, { at: new Date('2027-04-01T00:00:00Z') })
  expect(later.access[0]?.allowed).toEqual([])
  expect(later.differences.map((one) => one.because).join()).toMatch(/which the file does not say/)
})

test('owned access of principals that the file does not list is a difference with prune alone', () => {
  const both = fileWith(anaViews, grant(1, [user('ben')], ['viewer'], ['ml-prod']))
  const there = applied(both, empty)
  expect(check(fileWith(anaViews), there).ok).toBe(true)
  const pruned = check(fileWith(anaViews), there, { prune: true })
  expect(pruned.differences.find((one) => one.principal === userArn('ben'))).toMatchObject({
    server: serverArn('ml-prod'),
  })
  expect(pruned.differences[0]?.because).toMatch(
    /The file does not list user\/ben, which still has mlflow-iam-viewer-/,
  )
})

test('what a user has through a group of the file is not extra, and is missing where the group lost it', () => {
  const group = { kind: 'group', name: 'lab', text: 'group/lab' } as const
  const file = fileWith(anaViews, grant(1, [group], ['data-scientist'], ['ml-prod']))
  const before = smallAccount({
    users: { ana: { groups: ['lab'] }, ben: { groups: ['lab'] } },
    groups: { lab: {} },
  })
  const there = applied(file, before)
  expect(check(file, there, { prune: true, strict: true }).differences).toEqual([])
  const lost = { ...there, groups: there.groups.map((one) => ({ ...one, attached: [] })) }
  expect(check(file, lost).differences.map((one) => one.principal)).toEqual([groupArn('lab')])
})

test('service roles of the file are not pruned as strangers', () => {
  const serverRole = {
    name: 'mlflow-server',
    policy: 'documented',
    buckets: [],
    kms: [],
    registry: true,
  } as const
  const clientRole = { name: 'mlflow-client', policy: 'narrow', passes: ['mlflow-server'] } as const
  const more = { existing: false, trust: { sourceAccount: false } }
  const roles = { 'tracking-server': { ...serverRole, ...more }, sagemaker: { ...clientRole, ...more } }
  const file = { ...fileWith(anaViews), roles }
  expect(check(file, applied(file, empty), { prune: true, strict: true }).differences).toEqual([])
})

test('what changed by hand without touching MLflow access is named too', () => {
  const roles: GrantsFile['roles'] = {
    'tracking-server': {
      name: 'mlflow-server',
      policy: 'narrow',
      buckets: ['b-mlflow'],
      kms: [],
      registry: true,
      existing: false,
      trust: { sourceAccount: false },
    },
  }
  const file = { ...fileWith(anaViews), roles }
  const there = applied(file, empty)
  expect(check(file, there).differences).toEqual([])
  const retrust = there.roles.map((one) =>
    one.name === 'mlflow-server'
      ? { ...one, trust: '{}', tags: one.tags.slice(1), boundary: policyArn('limit') }
      : one,
  )
  const sentences = check(file, { ...there, roles: retrust }).differences.map((one) => one.because)
  expect(sentences).toEqual([
    'Role mlflow-server trusts someone else than it should.',
    'Role mlflow-server lacks the tags managed-by=mlflow-iam.',
    'Role mlflow-server has the permissions boundary limit, which the file does not set.',
  ])
})
