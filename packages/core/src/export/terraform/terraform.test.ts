import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from '@cdktf/hcl2json'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { type Described, describeTarget } from '../../../test/plans/described.ts'
import { planArbitrary } from '../../../test/plans/generate-plan.ts'
import {
  makePlan,
  planForEmptyAccount,
  policyDocument,
  principal,
  targetPolicy,
} from '../../../test/plans/make-plan.ts'
import { testWith } from '../../../test/tools/require-tool.ts'
import type { Plan } from '../../plan/plan.ts'
import { printHcl } from './hcl.ts'
import { terraformExporter } from './terraform-exporter.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-tf-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function files(plan: Plan, json = false): ReadonlyMap<string, string> {
  const rendered = terraformExporter.render(plan, { json, readme: true, toolVersion: '0.0.0' })
  return new Map(rendered.map(({ path, text }) => [path, text]))
}

type Resources = Record<string, Record<string, readonly Record<string, unknown>[] | Record<string, unknown>>>

/** Reads a parsed module as Terraform would make it. */
function describeModule(parsed: { resource?: Resources }): Described {
  const resource = parsed.resource ?? {}
  const all = Object.entries(resource).flatMap(([type, things]) =>
    Object.entries(things).map(([label, body]) => ({
      type,
      label,
      body: (Array.isArray(body) ? body[0] : body) as Record<string, unknown>,
    })),
  )
  const text = (value: unknown) =>
    String(value)
      .replaceAll('$${', () => '${')
      .replaceAll('%%{', () => '%{')
  const arn = (kind: string, path: unknown, name: unknown) =>
    `arn:aws:iam::123456789012:${kind}${path}${name}`
  const arnOf = ({ type, body }: (typeof all)[number]) =>
    arn(type === 'aws_iam_role' ? 'role' : 'policy', body.path, body.name)
  /** `${aws_iam_policy.viewer.arn}` or a plain value. */
  const follow = (value: unknown): string => {
    const [, type, label, member] = /^\$\{(\w+)\.(\w+)\.(\w+)\}$/.exec(String(value)) ?? []
    const found = all.find((one) => one.type === type && one.label === label)
    if (found === undefined) return text(value)
    return member === 'arn' ? arnOf(found) : String(found.body[member ?? ''])
  }
  const tags = (body: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(body.tags as object).map(([key, value]) => [key, text(value)]))
  const of = (type: string) => all.filter((one) => one.type === type)
  return {
    policies: Object.fromEntries(
      of('aws_iam_policy').map((one) => [
        arnOf(one),
        { document: JSON.parse(text(one.body.policy)), tags: tags(one.body) },
      ]),
    ),
    roles: Object.fromEntries(
      of('aws_iam_role').map((one) => [
        arnOf(one),
        { trust: JSON.parse(text(one.body.assume_role_policy)), tags: tags(one.body) },
      ]),
    ),
    attachments: ['user', 'group', 'role']
      .flatMap((kind) =>
        of(`aws_iam_${kind}_policy_attachment`).map(
          ({ body }) => `${arn(kind, '/', follow(body[kind]))} ${follow(body.policy_arn)}`,
        ),
      )
      .sort(),
  }
}

test('an HCL parser reads back the statements and attachments of the plan', async () => {
  await fc.assert(
    fc.asyncProperty(planArbitrary, async (plan) => {
      const main = files(plan).get('main.tf') ?? ''
      expect(describeModule(await parse('main.tf', main))).toEqual(describeTarget(plan))
    }),
    { numRuns: 60 },
  )
}, 120_000)

test('the JSON syntax says the same', () => {
  fc.assert(
    fc.property(planArbitrary, (plan) => {
      const main = files(plan, true).get('main.tf.json') ?? '{}'
      expect(describeModule(JSON.parse(main))).toEqual(describeTarget(plan))
    }),
    { numRuns: 60 },
  )
})

const viewer = targetPolicy('mlflow-iam-viewer-1a2b3c4d', policyDocument(['GetRun']))

test('what exists already is imported, and what the plan makes is not', async () => {
  const holder = principal('user', 'ana')
  const target = {
    policies: [viewer],
    principals: [holder],
    attachments: [{ principal: holder.arn, policy: viewer.arn }],
  }
  const existing = files(makePlan([], target)).get('imports.tf') ?? ''
  const { import: imports } = (await parse('imports.tf', existing)) as { import: readonly object[] }
  expect(imports).toEqual([
    { to: '${aws_iam_policy.viewer_1a2b3c4d}', id: viewer.arn },
    { to: '${aws_iam_user_policy_attachment.user_ana_viewer_1a2b3c4d}', id: `ana/${viewer.arn}` },
  ])
  const empty = planForEmptyAccount([viewer], [], [{ principal: holder, policy: viewer }])
  expect(files(empty).has('imports.tf')).toBe(false)
})

test.each([false, true])(
  'the README speaks of the file of imports where there is one, by its name (JSON: %s)',
  (json) => {
    const holder = principal('user', 'ana')
    const attachments = [{ principal: holder.arn, policy: viewer.arn }]
    const there = files(makePlan([], { policies: [viewer], principals: [holder], attachments }), json)
    const fresh = files(planForEmptyAccount([viewer], [], [{ principal: holder, policy: viewer }]), json)
    for (const rendered of [there, fresh]) {
      const named = [...(rendered.get('README.md') ?? '').matchAll(/`(imports\.tf[.\w]*)`/g)].map(
        ([, name]) => name,
      )
      expect(named).toEqual([...rendered.keys()].filter((path) => path.startsWith('imports.')))
    }
  },
)

test('a permission set gets the policy by name and path', async () => {
  const set = 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef'
  const plan = makePlan([], {
    policies: [viewer],
    principals: [{ arn: set, kind: 'permission-set', name: 'MLScientist', people: [] }],
    attachments: [{ principal: set, policy: viewer.arn }],
  })
  const parsed = (await parse('main.tf', files(plan).get('main.tf') ?? '')) as { resource: Resources }
  expect(Object.values(parsed.resource.aws_ssoadmin_customer_managed_policy_attachment ?? {})[0]).toEqual([
    {
      instance_arn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef',
      permission_set_arn: set,
      customer_managed_policy_reference: [
        {
          name: '${aws_iam_policy.viewer_1a2b3c4d.name}',
          path: '${aws_iam_policy.viewer_1a2b3c4d.path}',
        },
      ],
    },
  ])
})

testWith('terraform')(
  'terraform fmt would change nothing',
  () => {
    for (const [index, plan] of fc.sample(planArbitrary, { numRuns: 20, seed: 7 }).entries()) {
      for (const [path, text] of files(plan)) {
        if (path.endsWith('.tf')) writeFileSync(join(folder, `${index}-${path}`), text)
      }
    }
    const words = ['fmt', '-check', '-diff', folder]
    const { stdout, stderr, status } = spawnSync('terraform', words, { encoding: 'utf8' })
    expect(stdout, stderr).toBe('')
    expect(status).toBe(0)
  },
  60_000,
)

testWith('terraform')(
  'terraform itself reads every awkward text as it was',
  () => {
    const texts = [
      'a \u0024{b} %{c} $\u0024{d} %%{e}',
      'q"\\\'`',
      'caf\u00e9\u0085\u202e',
      'JSON\nJSON_\n  JSON',
    ]
    const quoted = texts.map((text, index): [string, string] => [`t${index}`, text])
    const heredocs = [0, 1, 3].map((index): [string, { $heredoc: string }] => [
      `h${index}`,
      { $heredoc: texts[index] ?? '' },
    ])
    const body = [...quoted, ...heredocs]
    const alone = mkdtempSync(join(folder, 'console-'))
    writeFileSync(join(alone, 'locals.tf'), printHcl([{ type: 'locals', labels: [], body }]))
    const input = `join(",", [${body.map(([name]) => `base64encode(local.${name})`).join(', ')}])`
    const { stdout, stderr } = spawnSync('terraform', ['console'], { cwd: alone, input, encoding: 'utf8' })
    const read = stdout
      .replace(/["\s]/g, '')
      .split(',')
      .map((text) => Buffer.from(text, 'base64').toString())
    const expected = body.map(([, value]) => (typeof value === 'string' ? value : `${value.$heredoc}\n`))
    expect(read, stderr).toEqual(expected)
  },
  60_000,
)
