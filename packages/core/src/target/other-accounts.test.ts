import { describe, expect, test } from 'vitest'
import { account, grant, grantsFile, role, server, user } from '../../test/grants-fixture.ts'
import { naiveVerdict } from '../../test/plans/naive-verdict.ts'
import { mlflowActions } from '../catalog/actions.ts'
import { compareAccess } from '../evaluate/compare-access.ts'
import { findAssuming, rowOfAssuming } from '../evaluate/elsewhere-access.ts'
import { explain } from '../evaluate/explain.ts'
import type { Grant, GrantsFile, GrantsServer, PrincipalRef } from '../grants/grants-file.ts'
import { buildPlan } from '../plan/build-plan.ts'
import { projectPlan } from '../plan/project-plan.ts'
import type { Statement } from '../policy/document.ts'
import { assumeAccount } from '../snapshot/assume-account.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { serverSid } from './server-sid.ts'

const now = new Date('2026-11-24T12:00:00Z')
const there = '210987654321'
const theirs = `arn:aws:sagemaker:eu-west-1:${there}:mlflow-tracking-server/theirs`
const via = `arn:aws:iam::${there}:role/mlflow-access`
const key = `arn:aws:kms:eu-west-1:${there}:key/0f1e2d3c-aaaa-bbbb-cccc-000000000000`
const ana = `arn:aws:iam::${account}:user/ana`
const ben = `arn:aws:iam::${account}:user/ben`

function remote(more: Partial<GrantsServer> = {}): GrantsServer {
  const parts = { kind: 'arn', key: 'theirs', arn: theirs, via, planned: false, kms: [] } as const
  return { ...parts, artifacts: 's3://theirs-mlflow/runs', ...more } as GrantsServer
}

function file(grants: readonly Grant[], servers: readonly GrantsServer[] = [remote()]): GrantsFile {
  return grantsFile({ servers, grants })
}

function planOf(content: GrantsFile, snapshot: Snapshot = assumeAccount(content, now)) {
  const plan = buildPlan({ file: content, snapshot, prune: false, now })
  const after = projectPlan(snapshot, plan.operations)
  const documents = plan.target.policies.map(({ document }) => JSON.stringify(document))
  const statements = plan.target.policies.flatMap(({ document }) => [document.Statement].flat())
  const [elsewhere] = plan.target.elsewhere ?? []
  return { plan, after, documents, statements, elsewhere, codes: plan.findings.map(({ code }) => code) }
}

const toAna = file([grant(0, [user('ana')], ['data-scientist'], ['theirs'])])

describe('a server of another account', () => {
  test('asks nothing of this account but to assume the role, and S3 by its own credentials', () => {
    const { statements, documents, codes } = planOf(toAna)
    expect(statements.map(({ Sid }) => Sid)).toEqual([serverSid(theirs), 'ArtifactObjects', 'ListArtifacts'])
    expect(statements[0]).toMatchObject({ Action: ['sts:AssumeRole'], Resource: [via] })
    expect(documents.join()).not.toContain('sagemaker')
    expect(codes).toContain('server-not-checked')
    expect(naiveVerdict(documents, 's3:PutObject', 'arn:aws:s3:::theirs-mlflow/runs/1/a')).toBe('allowed')
    expect(naiveVerdict(documents, 'sts:AssumeRole', `${via}-other`)).toBe('implicit-deny')
  })

  test('gives the role of our own tracking servers nothing: theirs run with roles of their own', () => {
    const serverRole = {
      name: 'mlflow-server',
      policy: 'narrow' as const,
      buckets: [],
      kms: [],
      registry: true,
      existing: false,
      trust: { sourceAccount: false },
    }
    const servers = [remote(), server('ours')]
    const content = { ...file(toAna.grants, servers), roles: { 'tracking-server': serverRole } }
    const { plan } = planOf(content)
    const attached = plan.target.attachments.filter(({ principal }) => principal.endsWith('/mlflow-server'))
    const held = plan.target.policies.filter(({ arn }) => attached.some(({ policy }) => policy === arn))
    expect(JSON.stringify(held)).toContain('ours-mlflow')
    expect(JSON.stringify(held)).not.toContain('theirs-mlflow')
  })

  test('without artifacts in the file S3 is left out, here and there, and a finding says so', () => {
    const { artifacts: _, ...bare } = remote()
    const { documents, codes, elsewhere } = planOf(
      file([grant(0, [user('ana')], ['data-scientist'], ['theirs'])], [bare as GrantsServer]),
    )
    expect(documents.join()).not.toContain('s3:')
    expect(codes).toContain('artifacts-unknown')
    expect(elsewhere?.buckets).toEqual([])
  })

  test('conditions stand on assuming the role, and the role itself has none', () => {
    const conditional = grant(0, [user('ana')], ['viewer'], ['theirs'], {
      until: '2027-03-01T00:00:00Z',
      when: { mfa: true, ip: [], vpc: [], vpce: [], sessionTags: {} },
    })
    const { statements, elsewhere } = planOf(file([conditional]))
    expect(statements.find(({ Sid }) => Sid === serverSid(theirs))?.Condition).toEqual({
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      DateLessThan: { 'aws:CurrentTime': '2027-03-01T00:00:00Z' },
    })
    expect(JSON.stringify(elsewhere?.roles[0]?.permissions)).not.toContain('Condition')
  })

  test('whoever operates servers does so in their own account', () => {
    const { documents, codes, elsewhere } = planOf(
      file([grant(0, [user('ana')], ['mlops-admin'], ['theirs'])]),
    )
    expect(codes).toContain('operated-elsewhere')
    expect(codes).not.toContain('pass-role-unknown')
    expect(documents.join()).not.toMatch(/PassRole|CreateMlflow|DeleteMlflow/)
    expect(JSON.stringify(elsewhere)).not.toMatch(/PassRole|CreateMlflow|DeleteMlflow|UpdateMlflow/)
  })

  test('in its own account the same file means the server itself', () => {
    const content = { ...toAna, account: there }
    const { statements, elsewhere, plan } = planOf(content)
    expect(elsewhere).toBeUndefined()
    expect(plan.target.servers[0]?.arns).toEqual([theirs])
    expect(statements.map(({ Sid }) => Sid)).toContain('MlflowActions')
  })

  test('files without such a server have plans without a word of it', () => {
    const content = file([grant(0, [user('ana')], ['viewer'], ['ml-prod'])], [server('ml-prod')])
    expect(JSON.stringify(planOf(content).plan.target)).not.toMatch(/elsewhere|"via"/)
  })
})

describe('what the other account has to do', () => {
  const both = file([
    grant(0, [user('ana')], ['data-scientist'], ['theirs']),
    grant(1, [user('ben'), role('ci')], ['viewer'], ['theirs']),
  ])

  test('the role allows exactly what the grants give together: another evaluator agrees', () => {
    const { elsewhere } = planOf(both)
    const [one] = elsewhere?.roles ?? []
    const text = [JSON.stringify(one?.permissions)]
    const meant = new Set(one?.access.flatMap(({ actions }) => actions))
    for (const { bare, name, resourceTypes } of mlflowActions) {
      const verdict = naiveVerdict(text, name, resourceTypes.length === 0 ? '*' : theirs)
      expect([bare, verdict]).toEqual([bare, meant.has(bare) ? 'allowed' : 'implicit-deny'])
      if (resourceTypes.length > 0) expect(naiveVerdict(text, name, `${theirs}2`)).toBe('implicit-deny')
    }
    expect(naiveVerdict(text, 'sagemaker:DescribeMlflowTrackingServer', theirs)).toBe('allowed')
    expect(naiveVerdict(text, 'sagemaker:CreatePresignedMlflowTrackingServerUrl', theirs)).toBe('allowed')
    expect(naiveVerdict(text, 'sagemaker:ListMlflowTrackingServers', '*')).toBe('allowed')
    expect(naiveVerdict(text, 's3:GetObject', 'arn:aws:s3:::theirs-mlflow/runs/1')).toBe('implicit-deny')
  })

  test('its trust names exactly who may come', () => {
    const { elsewhere, plan } = planOf(both)
    expect(elsewhere?.account).toBe(there)
    expect([elsewhere?.roles[0]?.trust.Statement].flat()).toMatchObject([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: [`arn:aws:iam::${account}:role/ci`, ana, ben] },
      },
    ])
    expect(plan.findings.find(({ code }) => code === 'other-account-to-do')?.message).toContain(there)
    expect(plan.operations.every(({ input }) => !JSON.stringify(input).includes('"Principal"'))).toBe(true)
  })

  test('who gains by sharing the role is named with what', () => {
    const { plan } = planOf(both)
    const gains = plan.findings.filter(({ code }) => code === 'shared-via-role')
    expect(gains.map(({ principal }) => principal).sort()).toEqual([`arn:aws:iam::${account}:role/ci`, ben])
    expect(gains.every(({ level }) => level === 'review')).toBe(true)
    expect(gains[0]?.message).toMatch(/gains CreateExperiment, .* more on theirs/)
    expect(planOf(toAna).codes).not.toContain('shared-via-role')
  })

  test('a condition on one grant does not hold where another lets the same one in without it', () => {
    const mfa = { mfa: true, ip: [], vpc: [], vpce: [], sessionTags: {} }
    const { plan } = planOf(
      file([
        grant(0, [user('ana')], ['viewer'], ['theirs']),
        grant(1, [user('ana')], ['mlops-admin'], ['theirs'], { when: mfa }),
      ]),
    )
    const found = plan.findings.filter(({ code }) => code === 'shared-via-role')
    expect(found).toMatchObject([{ principal: ana, server: theirs }])
  })

  test('buckets and keys open to each by what the persona needs, and to nobody else', () => {
    const { elsewhere } = planOf(
      file(both.grants, [remote({ kms: [key, `arn:aws:kms:eu-west-1:${account}:key/1`] })]),
    )
    const bucket = [elsewhere?.buckets[0]?.policy.Statement].flat() as Statement[]
    const who = (action: string) =>
      bucket
        .filter(({ Action }) => [Action].flat().includes(action))
        .flatMap(({ Principal }) => (Principal as { AWS: string[] }).AWS)
    expect(elsewhere?.buckets.map((one) => one.bucket)).toEqual(['theirs-mlflow'])
    expect(who('s3:PutObject')).toEqual([ana])
    expect(who('s3:GetObject')).toEqual([`arn:aws:iam::${account}:role/ci`, ana, ben])
    expect(bucket.find(({ Action }) => [Action].flat().includes('s3:ListBucket'))).toMatchObject({
      Resource: 'arn:aws:s3:::theirs-mlflow',
      Condition: { StringLike: { 's3:prefix': ['runs', 'runs/*'] } },
    })
    expect(elsewhere?.keys.map((one) => one.key)).toEqual([key])
    const opens = [elsewhere?.keys[0]?.policy.Statement].flat() as Statement[]
    expect(opens.every(({ Resource }) => Resource === '*')).toBe(true)
    expect(new Set(bucket.map(({ Sid }) => Sid)).size).toBe(bucket.length)
  })

  test('a key of a third account is that account’s to open', () => {
    const third = 'arn:aws:kms:eu-west-1:310987654321:key/1'
    const { plan } = planOf(file(both.grants, [remote({ kms: [third] })]))
    expect(plan.target.elsewhere?.map((one) => [one.account, one.roles.length, one.keys.length])).toEqual([
      [there, 1, 0],
      ['310987654321', 0, 1],
    ])
  })

  const ml: PrincipalRef = { kind: 'group', name: 'ml', text: 'group/ml' }
  const toGroup = file([grant(0, [ml], ['viewer'], ['theirs'])])

  test('a group is no principal: its users of today are named, and a finding says so', () => {
    const known = assumeAccount(file([grant(0, [ml, user('ana'), user('ben')], ['viewer'], ['theirs'])]), now)
    const users = known.users.map((one) => ({ ...one, groups: one.name === 'ana' ? ['ML'] : [] }))
    const { elsewhere, plan } = planOf(toGroup, { ...known, users, assumed: false })
    expect([elsewhere?.roles[0]?.trust.Statement].flat()).toMatchObject([{ Principal: { AWS: [ana] } }])
    const said = plan.findings.find(({ code }) => code === 'group-named-as-users')
    expect(said?.message).toContain('ana')
    // Nobody to name: a statement without principals would be refused, so there is none.
    const empty = planOf(toGroup, { ...known, users: [], assumed: false })
    expect(empty.elsewhere?.roles[0]?.trust.Statement).toEqual([])
  })

  test('offline the users of a group are not known: all users of the account, whose own policies decide', () => {
    expect([planOf(toGroup).elsewhere?.roles[0]?.trust.Statement].flat()).toMatchObject([
      {
        Principal: { AWS: [`arn:aws:iam::${account}:root`] },
        Condition: { ArnLike: { 'aws:PrincipalArn': [`arn:aws:iam::${account}:user/*`] } },
      },
    ])
  })

  test('a permission set comes in by a pattern of its role that no other set fits', () => {
    const name = 'MLScientist'
    const content = file([
      grant(
        0,
        [{ kind: 'permission-set', name, text: `permission-set/${name}` }, user('ana')],
        ['viewer'],
        ['theirs'],
      ),
    ])
    const set = {
      ...{
        arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
        instanceArn: 'arn:aws:sso:::instance/ssoins-1',
        name,
      },
      ...{ managedPolicies: [], customerManaged: [], accounts: [account] },
    }
    const { elsewhere } = planOf(content, { ...assumeAccount(content, now), permissionSets: [set] })
    const [named, like] = [elsewhere?.roles[0]?.trust.Statement].flat() as Statement[]
    expect(named).toMatchObject({ Principal: { AWS: [ana] } })
    expect(like).toMatchObject({ Principal: { AWS: [`arn:aws:iam::${account}:root`] } })
    const trusts = (role: string) => {
      const { Principal: _, ...rest } = { ...like, Resource: '*' }
      return naiveVerdict([JSON.stringify({ Statement: [rest] })], 'sts:AssumeRole', '*', {
        'aws:principalarn': [`arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/${role}`],
      })
    }
    expect(trusts('eu-west-1/AWSReservedSSO_MLScientist_0123456789abcdef')).toBe('allowed')
    expect(trusts('AWSReservedSSO_MLScientist_0123456789abcdef')).toBe('allowed')
    expect(trusts('AWSReservedSSO_MLScientist_Extra_0123456789abcdef')).toBe('implicit-deny')
  })

  test('more principals than a trust policy holds are told', () => {
    const many = Array.from({ length: 60 }, (_, index) => user(`person-number-${index}`))
    expect(planOf(file([grant(0, many, ['viewer'], ['theirs'])])).codes).toContain('trust-too-long')
  })
})

describe('what can be seen of it from here', () => {
  const verify = (content: GrantsFile, snapshot: Snapshot) => {
    const { plan } = planOf(content)
    return compareAccess(plan.target, snapshot, { name: plan.name, now, strict: true, prune: true })
  }

  test('verify says where it is decided: not none, and no difference', () => {
    const { after } = planOf(toAna)
    const { ok, access } = verify(toAna, after)
    expect(ok).toBe(true)
    expect(access).toContainEqual({
      ...{ principal: ana, server: theirs, allowed: [], denied: [], depends: [], elsewhere: [] },
      decidedIn: there,
    })
  })

  test('what is missing of our own half is a difference', () => {
    const nothing = assumeAccount(toAna, now)
    expect(verify(toAna, nothing).differences).toContainEqual(
      expect.objectContaining({
        principal: ana,
        server: theirs,
        missing: ['s3:GetObject', 's3:ListBucket', 's3:PutObject', 'sts:AssumeRole'],
      }),
    )
    const { after } = planOf(toAna)
    const deny = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'sts:*', Resource: '*' }] }
    const denied = after.users.map((one) => ({
      ...one,
      inline: [{ name: 'no', document: JSON.stringify(deny) }],
    }))
    expect(verify(toAna, { ...after, users: denied }).differences).toMatchObject([
      { principal: ana, server: theirs, missing: ['sts:AssumeRole'] },
    ])
  })

  test('access under a condition is asked for by a request that meets it', () => {
    const when = { mfa: true, ip: ['203.0.113.0/24'], vpc: [], vpce: [], sessionTags: {} }
    const content = file([grant(0, [user('ana')], ['trace-writer'], ['theirs'], { when })])
    expect(verify(content, planOf(content).after).differences).toEqual([])
  })

  test('explain and show name who may go there, and leave the rest to that account', () => {
    const { after } = planOf(toAna)
    const elsewhere = [{ server: theirs, role: via }]
    expect(explain('LogMetric', after, { now, elsewhere }).holders).toMatchObject([
      {
        principal: ana,
        server: theirs,
        decision: 'decided-elsewhere',
        account: there,
        statement: serverSid(theirs),
      },
    ])
    expect(explain('LogMetric', after, { now, elsewhere, principals: [ben] }).holders).toMatchObject([
      { principal: ben, decision: 'implicit-deny' },
    ])
    const rows = findAssuming(after, elsewhere, { now }).map(rowOfAssuming)
    expect(rows).toMatchObject([{ principal: ana, server: theirs, decidedIn: there }])
  })
})
