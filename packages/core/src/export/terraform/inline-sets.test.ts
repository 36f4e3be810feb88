import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from '@cdktf/hcl2json'
import { afterAll, expect, test } from 'vitest'
import { grant, grantsFile, server } from '../../../test/grants-fixture.ts'
import { testWith } from '../../../test/tools/require-tool.ts'
import { buildPlan } from '../../plan/build-plan.ts'
import { projectPlan } from '../../plan/project-plan.ts'
import { assumeAccount } from '../../snapshot/assume-account.ts'
import type { Snapshot } from '../../snapshot/snapshot.ts'
import { exporters } from '../index.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-tf-inline-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const now = new Date('2026-11-24T12:00:00Z')
const name = 'MLScientist'
const set = {
  ...{ arn: 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef', name },
  ...{ instanceArn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef' },
  ...{ managedPolicies: [], customerManaged: [], accounts: ['123456789012'] },
}
const file = grantsFile({
  servers: [server('ml-prod')],
  grants: [
    grant(0, [{ kind: 'permission-set', name, text: `permission-set/${name}` }], ['viewer'], ['ml-prod']),
  ],
  permissionSets: [{ name, policy: 'inline' }],
})
const foreign =
  '{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::x/${aws:username}/%{y}/*"}]}'

function withSet(inlinePolicy?: string): Snapshot {
  const permissionSets = [inlinePolicy === undefined ? set : { ...set, inlinePolicy }]
  return { ...assumeAccount(file, now), permissionSets }
}

function filesFor(snapshot: Snapshot, format: 'terraform' | 'cloudformation' | 'policies' = 'terraform') {
  const plan = buildPlan({ file, snapshot, prune: false, now })
  const rendered = exporters[format].render(plan, { json: false, readme: true, toolVersion: '0.0.0' })
  return { plan, files: new Map(rendered.map(({ path, text }) => [path, text])) }
}

type Parsed = {
  resource: Record<string, Record<string, readonly Record<string, string>[]>>
  import?: readonly object[]
}

test('the module keeps the whole inline policy, what others wrote included, and imports one that is there', async () => {
  const { plan, files } = filesFor(withSet(foreign))
  const { resource } = (await parse('main.tf', files.get('main.tf') ?? '')) as Parsed
  const [body] = Object.values(resource.aws_ssoadmin_permission_set_inline_policy ?? {})[0] ?? []
  expect(body).toMatchObject({ instance_arn: set.instanceArn, permission_set_arn: set.arn })
  const text = (body?.inline_policy ?? '').replaceAll('$${', () => '${').replaceAll('%%{', () => '%{')
  expect(text.trim()).toBe(plan.target.inline?.[0]?.document)
  const imports = (await parse('imports.tf', files.get('imports.tf') ?? '')) as Parsed
  expect(imports.import).toEqual([
    {
      to: '${aws_ssoadmin_permission_set_inline_policy.permission_set_MLScientist}',
      id: `${set.arn},${set.instanceArn}`,
    },
  ])
  expect(filesFor(withSet()).files.has('imports.tf')).toBe(false)
  // Once it is there, it is imported whether or not anything changes.
  const after = projectPlan(withSet(), buildPlan({ file, snapshot: withSet(), prune: false, now }).operations)
  expect(filesFor(after).files.has('imports.tf')).toBe(true)
})

test('CloudFormation says that it cannot carry it, and the documents stand among the policies', () => {
  expect(filesFor(withSet(foreign), 'cloudformation').files.get('README.md')).toContain(
    'whose inline policy holds',
  )
  const { plan, files } = filesFor(withSet(foreign), 'policies')
  expect(files.get('policies/permission-set-MLScientist.inline.json')?.trim()).toBe(
    plan.target.inline?.[0]?.document,
  )
})

testWith('terraform')(
  'terraform fmt would change nothing',
  () => {
    for (const [path, text] of filesFor(withSet(foreign)).files) {
      if (path.endsWith('.tf')) writeFileSync(join(folder, path), text)
    }
    const { stdout, status } = spawnSync('terraform', ['fmt', '-check', '-diff', folder], {
      encoding: 'utf8',
    })
    expect(stdout).toBe('')
    expect(status).toBe(0)
  },
  60_000,
)
