import { expect, test } from 'vitest'
import { account, grant, grantsFile, server, user } from '../../test/grants-fixture.ts'
import { naiveVerdict } from '../../test/plans/naive-verdict.ts'
import { compareAccess } from '../evaluate/compare-access.ts'
import { evaluateAccess } from '../evaluate/evaluate-access.ts'
import type { GrantsFile } from '../grants/grants-file.ts'
import { buildPlan } from '../plan/build-plan.ts'
import { projectPlan } from '../plan/project-plan.ts'
import type { Statement } from '../policy/document.ts'
import { assumeAccount } from '../snapshot/assume-account.ts'

const now = new Date('2026-11-24T12:00:00Z')
const app = `arn:aws:sagemaker:eu-west-1:${account}:mlflow-app/app-ABC123`
const prod = `arn:aws:sagemaker:eu-west-1:${account}:mlflow-tracking-server/ml-prod`
const ana = `arn:aws:iam::${account}:user/ana`

function file(compatible: boolean, persona = 'viewer', more: Partial<GrantsFile> = {}): GrantsFile {
  return grantsFile({
    servers: [{ kind: 'app', key: 'genai', app, access: 'full', kms: [], compatible }, server('ml-prod')],
    grants: [grant(0, [user('ana')], [persona], ['genai'])],
    ...more,
  })
}

function planOf(content: GrantsFile) {
  const snapshot = assumeAccount(content, now)
  const plan = buildPlan({ file: content, snapshot, prune: false, now })
  const after = projectPlan(snapshot, plan.operations)
  const statements = plan.target.policies.flatMap(({ document }) => [document.Statement].flat())
  return { plan, after, statements, codes: plan.findings.map(({ code }) => code) }
}

function named(statements: readonly Statement[], sid: string): Statement | undefined {
  return statements.find(({ Sid }) => Sid === sid)
}

test("the compatible form names each action of the persona on the App's ARN, and AccessUI on *", () => {
  const { statements, codes, plan } = planOf(file(true))
  const compatible = named(statements, 'CompatibleApps')
  expect(compatible?.Resource).toEqual([app])
  expect(compatible?.Action).toContain('sagemaker-mlflow:GetRun')
  expect(compatible?.Action).not.toContain('sagemaker-mlflow:AccessUI')
  expect(JSON.stringify(statements)).not.toContain('sagemaker-mlflow:*')
  expect(named(statements, 'AccountWide')?.Action).toContain('sagemaker-mlflow:AccessUI')
  expect(named(statements, 'CallApps')?.Action).toContain('sagemaker:CallMlflowAppApi')
  expect(codes).toContain('app-compatible-form')
  expect(plan.findings.find(({ code }) => code === 'app-compatible-form')?.level).toBe('review')
})

test('without it nothing of that is there, and the policy is another one', () => {
  const plain = planOf(file(false))
  expect(named(plain.statements, 'CompatibleApps')).toBeUndefined()
  expect(JSON.stringify(plain.statements)).not.toContain('sagemaker-mlflow:')
  expect(plain.codes).not.toContain('app-compatible-form')
  expect(plain.plan.target.policies[0]?.name).not.toBe(planOf(file(true)).plan.target.policies[0]?.name)
  // The hash of a policy that people have today.
  expect(plain.plan.target.policies[0]?.name).toMatchInlineSnapshot(`"mlflow-iam-viewer-688c99cd"`)
})

test("use-mlflow holds every action by its wildcard there too, and nobody else's persona does", () => {
  expect(named(planOf(file(true, 'use-mlflow')).statements, 'CompatibleApps')?.Action).toEqual([
    'sagemaker-mlflow:*',
  ])
})

test("verify finds it as described: an App's access is CallMlflowAppApi alone, and AccessUI is no surplus", () => {
  for (const content of [file(true), file(true, 'mlops-admin'), file(false)]) {
    const { plan, after } = planOf(content)
    const compared = compareAccess(plan.target, after, { name: plan.name, now, strict: true, prune: true })
    expect(compared.differences).toEqual([])
    expect(compared.access.find((row) => row.server === app)?.allowed).toEqual(['CallMlflowAppApi'])
  }
})

test('whoever opens the UI through a compatible App has AccessUI in the cells of servers too', () => {
  const content = file(true, 'viewer', {
    grants: [
      grant(0, [user('ana')], ['viewer'], ['genai']),
      grant(1, [user('ana')], ['viewer'], ['ml-prod'], { remove: ['AccessUI'] }),
    ],
  })
  const { plan, after } = planOf(content)
  expect(compareAccess(plan.target, after, { name: plan.name, now, strict: false }).differences).toEqual([])
  expect(evaluateAccess(after, { principals: [ana], servers: [prod], now })[0]?.allowed).toContain('AccessUI')
  expect(
    compareAccess(plan.target, assumeAccount(content, now), { name: plan.name, now, strict: false }).ok,
  ).toBe(false)
})

test('another evaluator finds the same actions on the App, and none on a tracking server', () => {
  const { plan } = planOf(file(true))
  const documents = plan.target.policies.map(({ document }) => JSON.stringify(document))
  const verdict = (action: string, resource: string) => naiveVerdict(documents, action, resource)
  expect(verdict('sagemaker-mlflow:GetRun', app)).toBe('allowed')
  expect(verdict('sagemaker-mlflow:DeleteRun', app)).toBe('implicit-deny')
  expect(verdict('sagemaker-mlflow:GetRun', prod)).toBe('implicit-deny')
  expect(verdict('sagemaker:CallMlflowAppApi', app)).toBe('allowed')
})
