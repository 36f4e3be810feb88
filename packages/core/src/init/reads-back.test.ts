import fc from 'fast-check'
import { expect, test } from 'vitest'
import { now, policyArn } from '../../test/accounts/small-account.ts'
import { domainId, profileRef, studioAccount } from '../../test/accounts/studio-account.ts'
import { account, grantsFile, role, user } from '../../test/grants-fixture.ts'
import { mlflowActions } from '../catalog/actions.ts'
import type { Grant, GrantsFile, GrantsServer, PrincipalRef } from '../grants/grants-file.ts'
import { parseGrants } from '../grants/parse-grants.ts'
import { builtInPersonas } from '../personas/built-in.ts'
import { buildPlan } from '../plan/build-plan.ts'
import { projectPlan } from '../plan/project-plan.ts'
import type { PermissionSet, Snapshot } from '../snapshot/snapshot.ts'
import { draftFromAccount } from './draft-from-account.ts'
import { renderDraft } from './render-draft.ts'

const there = '210987654321'
const app = `arn:aws:sagemaker:eu-west-1:${account}:mlflow-app/app-ABC123`
const keyArn = (owner: string, id: string) => `arn:aws:kms:eu-west-1:${owner}:key/${id}`
const theirs = (name: string, region = 'eu-west-1') =>
  `arn:aws:sagemaker:${region}:${there}:mlflow-tracking-server/${name}`
const via = `arn:aws:iam::${there}:role/teams/mlflow-access`
const scientist: PrincipalRef = {
  kind: 'permission-set',
  name: 'MLScientist',
  text: 'permission-set/MLScientist',
}
const auditors: PrincipalRef = { kind: 'permission-set', name: 'MLAudit', text: 'permission-set/MLAudit' }
const reviewers: PrincipalRef = { kind: 'group', name: 'ml-reviewers', text: 'group/ml-reviewers' }
const foreign =
  '{"Version":"2012-10-17","Statement":[{"Sid":"Mine","Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}'

function permissionSet(name: string, inlinePolicy?: string): PermissionSet {
  return {
    ...{
      arn: `arn:aws:sso:::permissionSet/ssoins-1/ps-${name}`,
      instanceArn: 'arn:aws:sso:::instance/ssoins-1',
    },
    ...{ name, managedPolicies: [], customerManaged: [], accounts: [account] },
    ...(inlinePolicy === undefined ? {} : { inlinePolicy }),
  }
}

/** An account of people, a Studio domain, permission sets, servers with tags, an App, and a policy made by hand. */
function start(): Snapshot {
  const read = { Effect: 'Allow', Action: 'sagemaker-mlflow:GetRun', Resource: '*' }
  const base = studioAccount({
    users: { ana: { attached: [policyArn('MLflowOld')] }, ben: { groups: ['ml-reviewers'] } },
    groups: { 'ml-reviewers': {} },
    policies: { MLflowOld: { Version: '2012-10-17', Statement: read } },
    servers: { 'ml-dev': { env: 'dev' }, 'ml-stage': { env: 'dev', team: 'a' }, 'ml-prod': { env: 'prod' } },
  })
  return {
    ...base,
    servers: base.servers.map((one) => ({ ...one, artifacts: `s3://team-mlflow/${one.name}` })),
    apps: [{ arn: app, name: 'genai', region: 'eu-west-1', tags: [], artifacts: 's3://genai-mlflow' }],
    permissionSets: [permissionSet('MLScientist', foreign), permissionSet('MLAudit')],
  }
}

function applied(file: GrantsFile, from: Snapshot = start()): Snapshot {
  return projectPlan(from, buildPlan({ file, snapshot: from, prune: false, now }).operations)
}

/** What is read back as it stands on disk, and what planning with it does. */
function readBack(made: Snapshot, name?: string) {
  const draft = draftFromAccount(made, now, name)
  const text = renderDraft(draft)
  const file = parseGrants(text, 'grants.yaml')
  const operations = (prune: boolean) => buildPlan({ file, snapshot: made, prune, now }).operations
  return { draft, text, file, operations }
}

const servers: readonly GrantsServer[] = [
  { kind: 'name', key: 'ml-dev', kms: [], planned: false },
  { kind: 'name', key: 'ml-prod', kms: [keyArn(account, 'prod')], planned: false },
  { kind: 'tag', key: 'dev', tags: { env: 'dev' }, kms: [] },
  { kind: 'all', key: 'any', kms: [] },
  { kind: 'app', key: 'genai', app, access: 'full', compatible: true, kms: [] },
  {
    ...{ kind: 'arn', key: 'theirs', arn: theirs('theirs'), via, planned: false },
    ...{ artifacts: 's3://theirs-mlflow/runs', kms: [keyArn(there, 'theirs')] },
  },
]
const keys = servers.map(({ key }) => key)
const bare = mlflowActions.map((action) => action.bare)
const some = <T>(from: readonly T[], minLength: number, maxLength: number) =>
  fc.subarray([...from], { minLength, maxLength: Math.min(maxLength, from.length) })

const anyGrant = (personas: readonly string[]): fc.Arbitrary<Omit<Grant, 'index'>> =>
  fc.record(
    {
      to: some(
        [user('ana'), user('ben'), reviewers, role('eve-only'), profileRef('ben'), scientist, auditors],
        1,
        2,
      ),
      personas: some(personas, 0, 2),
      on: some(keys, 1, 3),
      add: some(bare, 1, 3),
      remove: fc.constant<readonly string[]>([]),
      until: fc.constantFrom('2027-04-01T00:00:00Z', '2027-06-01T16:30:00Z'),
      when: fc.constantFrom(
        { mfa: true, ip: ['203.0.113.0/24'], vpc: [], vpce: [], sessionTags: {} },
        { ip: [], vpc: ['vpc-0a1b2c3d'], vpce: ['vpce-0a1b2c3d'], sessionTags: { team: 'ml' } },
      ),
    },
    { requiredKeys: ['to', 'personas', 'on', 'add', 'remove'] },
  )

const anyFile: fc.Arbitrary<GrantsFile> = fc
  .record({
    own: fc.boolean(),
    split: fc.boolean(),
    adopt: fc.boolean(),
    inline: some(['MLScientist', 'MLAudit'], 0, 2),
    compatible: fc.boolean(),
  })
  .chain(({ own, split, adopt, inline, compatible }) => {
    const personas = own
      ? [{ name: 'labeller', extends: ['viewer'], add: ['SetTag'], remove: ['AccessUI'] }]
      : []
    const names = [...builtInPersonas, ...personas].map(({ name }) => name)
    return fc.array(anyGrant(names), { maxLength: 4 }).map((grants) =>
      grantsFile({
        servers: servers.map((one) => (one.kind === 'app' ? { ...one, compatible } : one)),
        personas,
        grants: grants.map((one, index) => ({ index, ...one })),
        split: split ? [{ profile: `profile/${domainId}/ben` }] : [],
        adopt: adopt ? ['MLflowOld'] : [],
        permissionSets: inline.map((name) => ({ name, policy: 'inline' })),
      }),
    )
  })

test('whatever a file gave, its account read back plans nothing; what prune would take is named', () => {
  let whole = 0
  let runs = 0
  fc.assert(
    fc.property(anyFile, (content) => {
      const made = applied(content)
      const { draft, operations } = readBack(made, content.name)
      expect(operations(false)).toEqual([])
      runs += 1
      if (draft.unsaid.length === 0) {
        whole += 1
        expect(operations(true)).toEqual([])
        return
      }
      const sentences = draft.unsaid.join('\n')
      for (const { input } of operations(true)) {
        const said = JSON.stringify(input)
        const holder = /"(?:Role|User|Group)Name":"([^"]+)"|permissionSet\/ssoins-1\/ps-(\w+)/u.exec(said)
        const policy = /policy\/mlflow-iam\/[^/]+\/([^/"]+)"/u.exec(said)?.[1]
        expect(sentences).toContain(holder?.[1] ?? holder?.[2] ?? policy ?? 'one of these')
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 60) },
  )
  // Most are read back whole: else the test would look at notes alone.
  console.log(whole, runs)
  expect(whole).toBeGreaterThan(runs / 2)
})
