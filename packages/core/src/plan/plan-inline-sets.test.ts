import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { account, grant, grantsFile, server } from '../../test/grants-fixture.ts'
import { naiveVerdict } from '../../test/plans/naive-verdict.ts'
import { mlflowActions } from '../catalog/actions.ts'
import { compareAccess } from '../evaluate/compare-access.ts'
import { evaluateAccess } from '../evaluate/evaluate-access.ts'
import type { GrantsFile, PrincipalRef } from '../grants/grants-file.ts'
import { Problem } from '../problem.ts'
import { assumeAccount } from '../snapshot/assume-account.ts'
import type { PermissionSet, Snapshot } from '../snapshot/snapshot.ts'
import { markedStatements, ownStatements } from '../target/inline-statements.ts'
import { buildPlan } from './build-plan.ts'
import { projectPlan } from './project-plan.ts'

const now = new Date('2026-11-24T12:00:00Z')
const instance = 'arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6'
const setArn = 'arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-1111222233334444'
const role = `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_MLScientist_0123456789abcdef`
const scientist: PrincipalRef = {
  kind: 'permission-set',
  name: 'MLScientist',
  text: 'permission-set/MLScientist',
}
const foreign =
  '{\n "Version":"2012-10-17", "Statement":[ {"Sid":"Mine","Effect":"Allow","Action":["sagemaker:ListDomains","sagemaker-mlflow:GetRun"],"Resource":"*"} ] }\n'

type Form = 'reference' | 'inline'

function file(form: Form, persona = 'viewer', more: Partial<GrantsFile> = {}): GrantsFile {
  return grantsFile({
    servers: [server('ml-prod'), server('ml-dev')],
    grants: [grant(0, [scientist], [persona], ['ml-prod'])],
    permissionSets: [{ name: 'MLScientist', policy: form }],
    ...more,
  })
}

/** An account with the permission set, and the role that it made, as they are in step. */
function withSet(inlinePolicy: string | undefined, accounts: readonly string[] = [account]): Snapshot {
  const set: PermissionSet = {
    arn: setArn,
    instanceArn: instance,
    name: 'MLScientist',
    ...(inlinePolicy === undefined ? {} : { inlinePolicy }),
    managedPolicies: [],
    customerManaged: [],
    accounts,
  }
  const inline = inlinePolicy ? [{ name: 'AwsSSOInlinePolicy', document: inlinePolicy }] : []
  const acting = {
    arn: role,
    name: role.split('/').at(-1) ?? '',
    path: '/',
    id: 'AROA1',
    tags: [],
    trust: '{}',
  }
  return {
    ...assumeAccount(file('inline', 'viewer', { grants: [] }), now),
    assumed: false,
    permissionSets: [set],
    roles: [{ ...acting, attached: [], inline }],
  }
}

function run(content: GrantsFile, snapshot: Snapshot, prune = false) {
  const plan = buildPlan({ file: content, snapshot, prune, now })
  const after = projectPlan(snapshot, plan.operations)
  const again = buildPlan({ file: content, snapshot: after, prune, now })
  const verified = compareAccess(plan.target, after, { name: content.name, now, strict: false, prune })
  return { plan, after, again, verified, actions: plan.operations.map(({ action }) => action) }
}

const inlineOf = (snapshot: Snapshot) => snapshot.permissionSets[0]?.inlinePolicy

describe('a permission set that holds its grants in its inline policy', () => {
  test.each([
    ['of others', foreign],
    ['', undefined],
  ])('gets our statements beside those %s, in one write and one provisioning', (_, before) => {
    const { plan, actions, after, again, verified } = run(file('inline'), withSet(before))
    expect(actions).toEqual(['PutInlinePolicyToPermissionSet', 'ProvisionPermissionSet'])
    expect(plan.target.policies).toEqual([])
    if (before) expect(inlineOf(after)).toContain(before.trim().slice(0, -5))
    expect(again.operations).toEqual([])
    expect(verified.differences).toEqual([])
    expect(plan.findings.filter(({ level }) => level === 'high')).toEqual([])
  })

  test('what is ours is not from elsewhere, and what others wrote is', () => {
    const { after } = run(file('inline'), withSet(foreign))
    const [row] = evaluateAccess(after, { principals: [role], name: 'ml-platform', now })
    expect(row?.allowed).toContain('SearchRuns')
    expect(row?.elsewhere).toEqual([{ policy: `inline:AwsSSOInlinePolicy@${role}`, actions: ['GetRun'] }])
    // To another grants file ours are foreign.
    const [other] = evaluateAccess(after, { principals: [role], name: 'other', now })
    expect(other?.elsewhere.flatMap(({ actions }) => actions)).toContain('SearchRuns')
    // The mark counts in the inline policies of permission sets alone, whatever they are called elsewhere.
    const stolen = after.roles.map((one) => ({ ...one, arn: `${one.arn}x`, name: 'somebody' }))
    const faked = evaluateAccess(
      { ...after, roles: stolen },
      { principals: [`${role}x`], name: 'ml-platform', now },
    )
    expect(faked[0]?.elsewhere.flatMap(({ actions }) => actions)).toContain('SearchRuns')
  })

  test('another evaluator allows exactly the persona there', () => {
    const { after, plan } = run(file('inline', 'data-scientist'), withSet(undefined))
    const text = inlineOf(after) ?? ''
    const prod = plan.target.servers.find(({ key }) => key === 'ml-prod')?.resource ?? ''
    const meant = plan.target.access[0]?.actions ?? []
    for (const { bare, name, resourceTypes } of mlflowActions) {
      const verdict = naiveVerdict([text], name, resourceTypes.length === 0 ? '*' : prod)
      expect([bare, verdict]).toEqual([bare, meant.includes(bare) ? 'allowed' : 'implicit-deny'])
    }
  })

  test('less access is one write, and says what is lost', () => {
    const { after } = run(file('inline', 'data-scientist'), withSet(foreign))
    const less = run(file('inline', 'viewer'), after)
    expect(less.actions).toEqual(['PutInlinePolicyToPermissionSet', 'ProvisionPermissionSet'])
    expect(less.plan.findings.map(({ code }) => code)).toContain('access-lost')
    expect(less.plan.operations[0]?.risk).toBe('changes')
  })

  test('a grant that has ended takes its statements along, and an empty policy with them', () => {
    const { after } = run(file('inline'), withSet(undefined))
    const ended = file('inline', 'viewer', {
      grants: [grant(0, [scientist], ['viewer'], ['ml-prod'], { until: '2026-01-01T00:00:00Z' })],
    })
    const gone = run(ended, after)
    expect(gone.actions).toEqual(['DeleteInlinePolicyFromPermissionSet', 'ProvisionPermissionSet'])
    expect(gone.plan.operations[0]?.risk).toBe('removes')
    expect(inlineOf(gone.after)).toBeUndefined()
    expect(gone.again.operations).toEqual([])
  })

  test('prune takes ours away from a set that the file no longer lists, and leaves the rest', () => {
    const { after } = run(file('inline'), withSet(foreign))
    const nobody = file('inline', 'viewer', { grants: [] })
    const left = run(nobody, after)
    expect(left.actions).toEqual([])
    expect(left.plan.findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['not-in-file', 'permission-set-idle']),
    )
    // Its role is Identity Center's: nobody can do anything about that one.
    const stray = left.plan.findings.find(({ code }) => code === 'not-in-file')
    expect(stray?.message).toMatch(/^permission set MLScientist has policies of this file/u)
    const pruned = run(nobody, after, true)
    expect(pruned.actions).toEqual(['PutInlinePolicyToPermissionSet', 'ProvisionPermissionSet'])
    expect(inlineOf(pruned.after)).toBe(foreign)
    expect(pruned.plan.findings.map(({ code }) => code)).toContain('access-lost')
    expect(pruned.verified.differences).toEqual([])
    // Verify with prune sees what is left of ours there.
    expect(
      compareAccess(pruned.plan.target, after, { name: 'ml-platform', now, strict: false, prune: true }).ok,
    ).toBe(false)
  })
})

describe('the form of a permission set can change, without a gap', () => {
  const steps = (form: Form, before: Snapshot) => run(file(form), before)

  test('from managed policies to the inline policy: write, provision, let go, provision, then delete', () => {
    const referring = steps('reference', withSet(foreign)).after
    const { actions, after, again, verified } = run(file('inline'), referring, true)
    expect(actions).toEqual([
      'PutInlinePolicyToPermissionSet',
      'ProvisionPermissionSet',
      'DetachCustomerManagedPolicyReferenceFromPermissionSet',
      'ProvisionPermissionSet',
      'DeletePolicy',
    ])
    expect(again.operations).toEqual([])
    expect(verified.differences).toEqual([])
    expect(after.permissionSets[0]?.customerManaged).toEqual([])
  })

  test('and back', () => {
    const inlined = steps('inline', withSet(foreign)).after
    const { actions, after, again, verified } = steps('reference', inlined)
    expect(actions).toEqual([
      'CreatePolicy',
      'AttachCustomerManagedPolicyReferenceToPermissionSet',
      'ProvisionPermissionSet',
      'PutInlinePolicyToPermissionSet',
      'ProvisionPermissionSet',
    ])
    expect(inlineOf(after)).toBe(foreign)
    expect(again.operations).toEqual([])
    expect(verified.differences).toEqual([])
  })

  test('no moment of either has less than before, and none is called a loss', () => {
    for (const [from, to] of [
      ['reference', 'inline'],
      ['inline', 'reference'],
    ] as const) {
      const before = steps(from, withSet(foreign)).after
      const { plan } = steps(to, before)
      expect(plan.findings.map(({ code }) => code)).not.toContain('access-lost')
      const rows = (snapshot: Snapshot) =>
        evaluateAccess(snapshot, { principals: [role], now }).map(({ allowed }) => allowed)
      for (let sent = 0; sent <= plan.operations.length; sent += 1)
        expect(rows(projectPlan(before, plan.operations.slice(0, sent)))).toEqual(rows(before))
    }
  })
})

test('the inverse brings back the text byte for byte, whatever others wrote and whatever ours was', () => {
  const statement = fc.record({
    Sid: fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,8}$/),
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: fc.constantFrom('s3:*', 'logs:*'),
    Resource: fc.constantFrom('*', 'arn:aws:s3:::x/*'),
  })
  const text = fc
    .tuple(fc.array(statement, { minLength: 1, maxLength: 3 }), fc.constantFrom(undefined, 1, 4))
    .map(([list, space]) => JSON.stringify({ Version: '2012-10-17', Statement: list }, null, space))
  const form = fc.constantFrom<Form>('reference', 'inline')
  const persona = fc.constantFrom('viewer', 'data-scientist', 'mlops-admin')
  fc.assert(
    fc.property(
      fc.option(text, { nil: undefined }),
      form,
      persona,
      form,
      persona,
      fc.boolean(),
      (before, a, p, b, q, empty) => {
        const first = run(file(a, p), withSet(before)).after
        const content = empty ? file(b, q, { grants: [] }) : file(b, q)
        const { plan, after, again, verified } = run(content, first, empty)
        expect(again.operations).toEqual([])
        expect(verified.differences).toEqual([])
        expect(ownStatements(inlineOf(after) ?? '', 'someone-else')).toEqual([])
        const kept = (JSON.parse(before ?? '{"Statement":[]}') as { Statement: unknown[] }).Statement
        const now_ = (JSON.parse(inlineOf(after) || '{"Statement":[]}') as { Statement: unknown[] }).Statement
        expect(now_.slice(0, kept.length)).toEqual(kept)
        const back = plan.operations.toReversed().flatMap(({ inverse }) => inverse)
        expect(inlineOf(projectPlan(after, back))).toBe(inlineOf(first))
      },
    ),
    { numRuns: 25 },
  )
})

test('what others wrote and cannot be read stops the plan, and only where it would be written', () => {
  expect(() => run(file('inline'), withSet('no JSON'))).toThrow(Problem)
  expect(run(file('reference'), withSet('no JSON')).actions).toContain(
    'AttachCustomerManagedPolicyReferenceToPermissionSet',
  )
})

test('what does not fit says how much there is room for, and what to do', () => {
  const many = Array.from({ length: 110 }, (_, index) => server(`server-number-${index}-of-a-large-platform`))
  const content = file('inline', 'data-scientist', {
    servers: many,
    grants: [
      grant(
        0,
        [scientist],
        ['data-scientist'],
        many.map(({ key }) => key),
      ),
    ],
  })
  const snapshot = { ...assumeAccount(content, now), permissionSets: withSet(foreign).permissionSets }
  expect(() => buildPlan({ file: content, snapshot, prune: false, now })).toThrow(
    expect.objectContaining({ code: 'INLINE_POLICY_TOO_LARGE', exit: 3 }),
  )
})

test('a set that reaches other accounts: the reference form warns that each needs the policy', () => {
  const elsewhere = withSet(undefined, [account, '210987654321'])
  const codes = (form: Form) =>
    buildPlan({ file: file(form), snapshot: elsewhere, prune: false, now }).findings
  const reference = codes('reference')
  expect(reference.find(({ code }) => code === 'policy-needed-elsewhere')).toMatchObject({ level: 'review' })
  expect(reference.find(({ code }) => code === 'policy-needed-elsewhere')?.message).toContain('210987654321')
  const inline = codes('inline').map(({ code }) => code)
  expect(inline).toContain('several-accounts')
  expect(inline).not.toContain('policy-needed-elsewhere')
})

test('two grants files share a set, and neither sees the statements of the other', () => {
  const first = run(file('inline'), withSet(foreign)).after
  const other = { ...file('inline', 'data-scientist'), name: 'other' }
  const { after } = run(other, first)
  expect(run(file('inline'), after).plan.operations).toEqual([])
  expect(ownStatements(inlineOf(after) ?? '', 'ml-platform')).not.toEqual([])
  const gone = run({ ...other, grants: [] }, after, true)
  expect(inlineOf(gone.after)).toBe(inlineOf(first))
  expect(markedStatements('other', [])).toEqual([])
})
