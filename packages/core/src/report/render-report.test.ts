import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { now, serverArn, smallAccount, userArn } from '../../test/accounts/small-account.ts'
import { evaluateAccess } from '../evaluate/evaluate-access.ts'
import { escapeHtml, Html, html } from './html.ts'
import { createRedactor } from './redactor.ts'
import { renderAccessReport } from './render-report.ts'
import { accessChanges } from './report-changes.ts'

const allow = (actions: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
})

function reportOf(snapshot: ReturnType<typeof smallAccount>): string {
  const rows = evaluateAccess(snapshot, { now })
  return renderAccessReport({
    snapshot,
    rows,
    findings: [],
    madeAt: now,
    toolVersion: '1',
    method: 'read',
    redact: false,
  })
}

test('markup is built from escaped values', () => {
  expect(html`<b title="${'"><i>'}">${'<i>'}${new Html('<hr>')}${undefined}${7}</b>`.markup).toBe(
    '<b title="&quot;&gt;&lt;i&gt;">&lt;i&gt;<hr>7</b>',
  )
})

test('no text ever ends an attribute or begins an element', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const escaped = escapeHtml(text)
      expect(escaped).not.toMatch(/[<>"']/)
      expect(escaped).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/)
      expect(escaped).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/)
    }),
  )
})

test('the page allows its own style sheet by hash, and nothing else', () => {
  const page = reportOf(smallAccount({}))
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? ''
  const hash = createHash('sha256').update(style).digest('base64')
  expect(page).toContain(
    `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
  )
  expect(page).not.toMatch(/ style=|<script|https?:\/\//)
})

test('an account in which nobody has anything still makes a report', () => {
  const page = reportOf(smallAccount({ users: { ana: {} } }))
  expect(page).toContain('There are no findings.')
  expect(page).toContain('Nobody has access to any server.')
})

test('beyond forty people, those with equal access share a line, and each keeps a section', () => {
  const users = Object.fromEntries(
    Array.from({ length: 45 }, (_, index) => [
      `user${index}`,
      { inline: { p: allow('sagemaker-mlflow:Get*') } },
    ]),
  )
  const page = reportOf(smallAccount({ users, servers: { 'ml-prod': {} } }))
  expect(page.match(/<section class="person"/g)).toHaveLength(45)
  expect(page.match(/<table class="grid"/g)?.length).toBeGreaterThan(1)
  expect(page.match(/id="s0p0r\d+"/g)).toEqual(['id="s0p0r0"'])
})

test('names become ids in sentences, lists and ARNs, and other words stay', () => {
  const redactor = createRedactor(
    smallAccount({
      users: { ana: { inline: { extra: '{}' }, path: '/eu-west-1/' }, 'a.b@c.de': {} },
      servers: { 'ml-prod': {} },
    }),
  )
  const id = /user-[0-9a-f]{6}/.exec(redactor.text('ana'))?.[0] ?? ''
  expect(redactor.text('The user ana, who may GetRun.')).toBe(`The user ${id}, who may GetRun.`)
  expect(redactor.text(`${userArn('ana')}.`)).toMatch(
    /^arn:aws:iam::account-[0-9a-f]{6}:user\/user-[0-9a-f]{6}\.$/,
  )
  expect(redactor.text(serverArn('ml-prod'))).toMatch(/:mlflow-tracking-server\/server-[0-9a-f]{6}$/)
  expect(redactor.text('Key=x,Value=ana a.b@c.de.')).toMatch(
    /^Key=x,Value=user-[0-9a-f]{6} user-[0-9a-f]{6}\.$/,
  )
  expect(redactor.text(`inline:extra@${userArn('ana')}`)).toMatch(
    /^inline:policy-[0-9a-f]{6}@arn:aws:iam::account-/,
  )
  expect(redactor.text('eu-west-1')).toBe('eu-west-1')
  expect(redactor.text('banana anal ana2')).toBe('banana anal ana2')
})

test('no form of a name in a text gets past the redactor', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9+=,.@_-]{6,20}$/).filter((text) => /[A-Z]\d|\d[A-Z]/.test(text))
  fc.assert(
    fc.property(name, (user) => {
      const redactor = createRedactor(smallAccount({ users: { [user]: { inline: { [`x${user}`]: '{}' } } } }))
      for (const text of [
        `The user ${user} has it.`,
        `ana, ${user}, cem and 4 more`,
        `Key=team,Value=${user}`,
        `inline:x${user}@${userArn(user)}`,
        `(${user})`,
        JSON.stringify({ Resource: [userArn(user)] }),
      ]) {
        expect(redactor.text(text)).not.toContain(user)
      }
    }),
    { numRuns: 300 },
  )
})

test('changes are what each principal gained and lost, gone principals included', () => {
  const row = (principal: string, allowed: string[]) => ({
    principal,
    server: 's',
    allowed,
    denied: [],
    depends: [],
    elsewhere: [],
  })
  expect(
    accessChanges(
      [row('ana', ['GetRun', 'LogParam']), row('ben', ['GetRun']), row('cem', ['GetRun'])],
      [row('ana', ['GetRun', 'LogBatch']), row('cem', ['GetRun'])],
    ),
  ).toEqual([
    { principal: 'ana', server: 's', gained: ['LogBatch'], lost: ['LogParam'] },
    { principal: 'ben', server: 's', gained: [], lost: ['GetRun'] },
  ])
})
