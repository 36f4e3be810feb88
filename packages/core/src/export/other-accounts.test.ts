import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { account, grant, grantsFile, role, user } from '../../test/grants-fixture.ts'
import { testWith } from '../../test/tools/require-tool.ts'
import { buildPlan } from '../plan/build-plan.ts'
import type { Statement } from '../policy/document.ts'
import { assumeAccount } from '../snapshot/assume-account.ts'
import { sidPrefix } from '../target/inline-statements.ts'
import { type ExportFormat, exportFormats } from './exporter.ts'
import { exporters } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-other-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const now = new Date('2026-11-24T12:00:00Z')
const there = '210987654321'
const theirs = `arn:aws:sagemaker:eu-west-1:${there}:mlflow-tracking-server/theirs`
const file = grantsFile({
  servers: [
    {
      ...{ kind: 'arn', key: 'theirs', arn: theirs, planned: false, artifacts: 's3://theirs-mlflow/runs' },
      via: `arn:aws:iam::${there}:role/ml/mlflow-access`,
      kms: [`arn:aws:kms:eu-west-1:${there}:key/0f1e2d3c-aaaa-bbbb-cccc-000000000000`],
    },
  ],
  grants: [grant(0, [user('ana'), role('ci')], ['data-scientist'], ['theirs'])],
})
const plan = buildPlan({ file, snapshot: assumeAccount(file, now), prune: false, now })
const documents = [
  'mlflow-access.trust.json',
  'mlflow-access.permissions.json',
  'theirs-mlflow.bucket-policy.json',
  'key-0f1e2d3c-aaaa-bbbb-cccc-000000000000.key-policy.json',
]

function filesOf(format: ExportFormat): ReadonlyMap<string, string> {
  const rendered = exporters[format].render(plan, { json: false, readme: true, toolVersion: '0.0.0' })
  return new Map(rendered.map(({ path, text }) => [path, text]))
}

/** The lines of the README's section, and the commands in it. */
function sectionOf(format: ExportFormat): { readonly text: string; readonly commands: readonly string[] } {
  const readme = filesOf(format).get('README.md') ?? ''
  const text = readme.slice(readme.indexOf(`## For account ${there} to do`)).split(/\n## /)[0] ?? ''
  return { text, commands: commandLines(text) }
}

function commandLines(markdown: string): readonly string[] {
  return [...markdown.matchAll(/```sh\n(.*?)\n```/gs)].flatMap(([, block = '']) => block.split('\n'))
}

describe.each(Object.keys(exportFormats) as ExportFormat[])('%s', (format) => {
  const withFiles = !['cloudformation', 'stackset'].includes(format)

  test('carries the documents of the other account, and how to send them', () => {
    const { text, commands } = sectionOf(format)
    const files = filesOf(format)
    const paths = [...files.keys()].filter((path) => path.startsWith('other-accounts/'))
    expect(paths).toEqual(withFiles ? documents.map((name) => `other-accounts/${there}/${name}`) : [])
    for (const name of documents) {
      const inText = new RegExp(`\`${name}\`:\n\n\`\`\`json\n(.*?)\n\`\`\``, 's').exec(text)?.[1]
      const json = withFiles ? files.get(`other-accounts/${there}/${name}`) : inText
      expect([JSON.parse(json ?? '{}').Statement].flat().length).toBeGreaterThan(0)
    }
    expect(commands.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual(
      [
        'aws sts get-caller-identity',
        'aws iam create-role',
        'aws iam get-role',
        'jq -s ',
        'aws iam update-assume-role-policy',
        'aws iam put-role-policy',
        'aws s3api put-bucket-policy',
        'aws s3api get-bucket-policy',
        'jq -s ',
        'aws s3api put-bucket-policy',
        'aws kms get-key-policy',
        'jq -s ',
        'aws kms put-key-policy',
      ].map((start) => expect.stringContaining(start.trim())),
    )
    expect(text).toContain('SAGEMAKER_MLFLOW_ASSUME_ROLE_ARN')
    expect(text).toContain('user/ana')
  })

  test('the README has no remark behind or among its commands: in the zsh of macOS it would be arguments', () => {
    const lines = commandLines(filesOf(format).get('README.md') ?? '')
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.filter((line) => /(^|\s)#/.test(line))).toEqual([])
  })

  test('nothing of it is sent to this account', () => {
    for (const [path, text] of filesOf(format)) {
      if (path === 'README.md' || path.startsWith('other-accounts/')) continue
      expect(text).not.toContain('"Principal"')
      expect(text).not.toContain('sagemaker-mlflow')
    }
  })
})

test('a permission set in many accounts is said to be trusted in this one alone, as the document has it', () => {
  const to = { kind: 'permission-set', text: 'permission-set/MLScientist', name: 'MLScientist' } as const
  const ofSet = { ...file, grants: [grant(0, [to], ['viewer'], ['theirs'])] }
  const [instanceArn, arn] = [
    'arn:aws:sso:::instance/ssoins-1111222233334444',
    'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444',
  ]
  const set = { arn, instanceArn, name: 'MLScientist', managedPolicies: [], customerManaged: [] }
  const snapshot = {
    ...assumeAccount(ofSet, now),
    permissionSets: [{ ...set, accounts: [account, there, '333344445555'] }],
  }
  const rendered = exporters.shell.render(buildPlan({ file: ofSet, snapshot, prune: false, now }), {
    ...{ json: false, readme: true, toolVersion: '0.0.0' },
  })
  const textOf = (end: string) => rendered.find(({ path }) => path.endsWith(end))?.text
  const [readme, trust] = [textOf('README.md'), textOf('trust.json')]
  expect(trust).toContain(`arn:aws:iam::${account}:root`)
  expect(trust).not.toContain(`arn:aws:iam::${there}:root`)
  expect(readme).toContain(`is assumed by permission-set/MLScientist (its role in account ${account} alone)`)
})

test('a file without servers elsewhere has no word of it', () => {
  const plain = grantsFile({ grants: [] })
  const empty = buildPlan({ file: plain, snapshot: assumeAccount(plain, now), prune: false, now })
  for (const exporter of Object.values(exporters)) {
    const rendered = exporter.render(empty, { json: false, readme: true, toolVersion: '0.0.0' })
    expect(rendered.map(({ path, text }) => path + text).join()).not.toMatch(/other-accounts|For account/)
  }
})

testWith('jq')('the merge keeps what others wrote, and puts ours in the place of ours, however often', () => {
  const line = sectionOf('shell').commands.find((one) => one.startsWith('jq')) ?? ''
  const filter = /^jq -s '(.*)' there\.json/.exec(line)?.[1] ?? ''
  const merge = (before: object, ours: object) => {
    writeFileSync(join(folder, 'there.json'), JSON.stringify(before))
    writeFileSync(join(folder, 'ours.json'), JSON.stringify(ours))
    const { stdout } = spawnSync('jq', ['-s', filter, 'there.json', 'ours.json'], {
      cwd: folder,
      encoding: 'utf8',
    })
    return JSON.parse(stdout) as { Statement: readonly Statement[] }
  }
  const mine = { Sid: sidPrefix('ml-platform'), Effect: 'Allow', Action: 'sts:AssumeRole' }
  const foreign = { Effect: 'Allow', Action: 's3:*', Principal: { AWS: `arn:aws:iam::${account}:root` } }
  const other = { ...foreign, Sid: 'Theirs' }
  const alone = merge({ Version: '2008-10-17', Id: 'x', Statement: foreign }, { Statement: [mine] })
  expect(alone).toEqual({ Version: '2008-10-17', Id: 'x', Statement: [foreign, mine] })
  const older = { ...mine, Action: 'sts:TagSession' }
  expect(merge({ Statement: [older, foreign, other] }, { Statement: [mine] }).Statement).toEqual([
    foreign,
    other,
    mine,
  ])
  expect(merge(alone, { Statement: [mine] })).toEqual(alone)
})
