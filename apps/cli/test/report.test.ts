import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { findAccountFindings } from '@mlflow-iam/core/evaluate/account-findings'
import { compareAccess } from '@mlflow-iam/core/evaluate/compare-access'
import { evaluateAccess } from '@mlflow-iam/core/evaluate/evaluate-access'
import { parseGrants } from '@mlflow-iam/core/grants/parse-grants'
import { buildPlan } from '@mlflow-iam/core/plan/build-plan'
import { renderAccessReport } from '@mlflow-iam/core/report/render-report'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
)
const required = process.env.CONFORMANCE === 'required'
if (!executablePath && !required)
  console.log('Skipped: the report in a real browser, because chromium is not installed.')

const hostile = `<img src=x onerror="document.title='taken'">&"'`
const now = new Date('2026-11-24T12:00:00Z')

/** People with shared roles, foreign access, denials and open conditions, and names that try to be markup. */
function team(): Snapshot {
  const account = '123456789012'
  const arn = (kind: string, name: string) => `arn:aws:iam::${account}:${kind}/${name}`
  const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement })
  const inline = (text: string, name = 'extra') => [{ name, document: text }]
  const all = document({ Sid: 'All', Effect: 'Allow', Action: '*', Resource: '*' })
  const mixed = document(
    { Effect: 'Allow', Action: ['sagemaker-mlflow:Get*', 'sagemaker-mlflow:Delete*'], Resource: '*' },
    { Effect: 'Deny', Action: 'sagemaker-mlflow:DeleteTraces', Resource: '*' },
    {
      Effect: 'Allow',
      Action: 'sagemaker-mlflow:Log*',
      Resource: '*',
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    },
  )
  const user = (name: string, text: string) => ({
    ...{ arn: arn('user', name), name, path: '/', id: `AIDA${name}`, groups: [], tags: [], attached: [] },
    inline: inline(text),
  })
  const trust = document({
    Effect: 'Allow',
    Principal: { Service: 'sagemaker.amazonaws.com' },
    Action: 'sts:AssumeRole',
  })
  const server = (name: string) => ({
    ...{
      arn: `arn:aws:sagemaker:eu-west-1:${account}:mlflow-tracking-server/${name}`,
      name,
      region: 'eu-west-1',
    },
    ...{ status: 'Created', artifacts: `s3://${name}-mlflow/artifacts`, tags: [] },
  })
  return {
    ...{
      version: 1,
      takenAt: now.toISOString(),
      account,
      partition: 'aws',
      region: 'eu-west-1',
      alias: 'ml-team',
    },
    caller: arn('user', 'root-admin'),
    users: [user('root-admin', all), user('mixed', mixed), user(hostile, mixed), user('idle', document())],
    groups: [],
    roles: [{ ...user('ds-shared', mixed), arn: arn('role', 'ds-shared'), trust }],
    policies: [],
    servers: [server('ml-prod')],
    apps: [
      {
        arn: `arn:aws:sagemaker:eu-west-1:${account}:mlflow-app/app-1`,
        name: 'genai',
        region: 'eu-west-1',
        tags: [],
      },
    ],
    domains: [],
    profiles: ['ana', 'ben', 'cem'].map((name) => ({
      ...{
        domain: 'd-lab',
        name,
        arn: `arn:profile/${name}`,
        region: 'eu-west-1',
        role: arn('role', 'ds-shared'),
      },
    })),
    permissionSets: [],
    unknown: [{ part: 'permission-sets', action: 'sso:ListPermissionSets', why: 'denied' }],
  }
}

const grants = `version: 1
name: ml-team-file
account: "123456789012"
region: eu-west-1
servers: { ml-prod: {} }
grants:
  - { to: user/idle, persona: viewer, on: ml-prod }
`

function report(redact = false): string {
  const snapshot = team()
  const file = parseGrants(grants, 'grants.yaml')
  const plan = buildPlan({ file, snapshot, prune: false, now })
  const comparison = compareAccess(plan.target, snapshot, { name: file.name, now, strict: false })
  const rows = evaluateAccess(snapshot, { now })
  const [first, ...others] = rows
  const previous = {
    takenAt: '2026-10-01T08:00:00Z',
    rows: first ? [{ ...first, allowed: ['GetRun'] }, ...others] : [],
  }
  const findings = findAccountFindings(snapshot, { now })
  const verified = { plan, comparison, strict: false }
  return renderAccessReport({
    snapshot,
    rows,
    findings,
    madeAt: now,
    toolVersion: '0.1.0',
    method: 'read',
    verified,
    previous,
    redact,
  })
}

test('a redacted report holds none of the names, and the same ids each time', () => {
  const text = report(true)
  for (const name of [
    'root-admin',
    'mixed',
    'ds-shared',
    'd-lab',
    'ml-prod',
    'genai',
    '123456789012',
    'ml-team',
    'app-1',
  ]) {
    expect(text).not.toContain(name)
  }
  expect(text).toMatch(/user-[0-9a-f]{6}/)
  expect(report(true)).toBe(text)
  const cells = (page: string) =>
    page.match(/<td[^>]*>(allowed|allowed elsewhere|denied|depends)<\/td>/g)?.length
  expect(cells(text)).toBe(cells(report()))
  expect(cells(text)).toBeGreaterThan(100)
})

describe.skipIf(!executablePath && !required)('in a real browser', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-report-'))
  const address = pathToFileURL(join(folder, 'report.html')).href
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  let browser: Browser

  beforeAll(async () => {
    writeFileSync(join(folder, 'report.html'), report())
    browser = await chromium.launch({
      executablePath: executablePath ?? '/usr/bin/chromium',
      args: ['--headless', '--no-sandbox', '--disable-gpu'],
    })
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(
    options: Parameters<Browser['newPage']>[0] = {},
  ): Promise<{ page: Page; trouble: string[] }> {
    // axe is put into the page from outside, past the page's own policy.
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options })
    const trouble: string[] = []
    page.on('console', (message) => trouble.push(message.text()))
    page.on('pageerror', (error) => trouble.push(String(error)))
    page.on('request', (request) => {
      if (request.url() !== address) trouble.push(request.url())
    })
    await page.goto(address)
    return { page, trouble }
  }

  test('it asks for nothing, says nothing on the console, and runs no name as markup', async () => {
    const { page, trouble } = await open()
    expect(await page.title()).toBe('MLflow access in ml-team')
    expect(await page.locator('script, img, iframe, link, form, object').count()).toBe(0)
    expect(await page.locator('main').textContent()).toContain(hostile)
    expect(trouble).toEqual([])
    await page.close()
  })

  test('it is whole without scripts', async () => {
    const { page } = await open({ javaScriptEnabled: false })
    expect(await page.locator('h2').count()).toBe(9)
    await page.close()
  })

  test.each(['light', 'dark'] as const)(
    'axe finds nothing to object to, %s',
    async (colorScheme) => {
      const { page } = await open({ colorScheme, bypassCSP: true })
      await page.evaluate(axe)
      const violations = await page.evaluate(async () => {
        const run = (
          globalThis as unknown as {
            axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
          }
        ).axe
        return (await run.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
      })
      expect(violations).toEqual([])
      await page.close()
    },
    60_000,
  )

  test('every link leads to its place in the file', async () => {
    const { page } = await open()
    const lost = await page.evaluate(() =>
      [...document.querySelectorAll('a')]
        .map((link) => link.getAttribute('href') ?? '')
        .filter((href) => !href.startsWith('#') || !document.getElementById(href.slice(1))),
    )
    expect(lost).toEqual([])
    expect(await page.locator('[id^="action-"]').count()).toBe(61)
    await page.close()
  })

  test('on paper, details are open, headers repeat, rows are whole and tables fit the page', async () => {
    const { page } = await open({ viewport: { width: 1047, height: 700 } })
    await page.emulateMedia({ media: 'print' })
    const paper = await page.evaluate(() => ({
      closed: [...document.querySelectorAll('details pre, details dl')].filter(
        (one) => one.getBoundingClientRect().height === 0,
      ).length,
      navigation: getComputedStyle(document.querySelector('nav') as Element).display,
      heads: [
        ...new Set([...document.querySelectorAll('thead')].map((head) => getComputedStyle(head).display)),
      ],
      cut: [...document.querySelectorAll('tbody tr')].filter(
        (row) => getComputedStyle(row).breakInside !== 'avoid',
      ).length,
      wide: [...document.querySelectorAll('table')].filter(
        (table) => table.getBoundingClientRect().right > innerWidth + 1,
      ).length,
    }))
    expect(paper).toEqual({
      closed: 0,
      navigation: 'none',
      heads: ['table-header-group'],
      cut: 0,
      wide: 0,
    })
    const pdf = await page.pdf({ preferCSSPageSize: true })
    const sizes = new Set(pdf.toString('latin1').match(/\/MediaBox ?\[[^\]]+\]/g))
    expect(sizes.size).toBe(2)
    await page.close()
  })

  test('at 320 pixels the page itself does not scroll sideways', async () => {
    const { page } = await open({ viewport: { width: 320, height: 640 } })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
    await page.close()
  })
})
