import { expect, test } from 'vitest'
import { now, policyArn, smallAccount } from '../../test/accounts/small-account.ts'
import { domainId, profileRef, studioAccount } from '../../test/accounts/studio-account.ts'
import { grant, grantsFile, server } from '../../test/grants-fixture.ts'
import { parseGrants } from '../grants/parse-grants.ts'
import { buildPlan } from '../plan/build-plan.ts'
import { projectPlan } from '../plan/project-plan.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { draftFromAccount } from './draft-from-account.ts'
import { renderDraft } from './render-draft.ts'

const read = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Action: ['sagemaker-mlflow:GetRun', 'sagemaker-mlflow:SearchRuns'],
    Resource: '*',
  },
}

/** The file once somebody put these lines of its comments, as they stand there, under their keys. */
function pasted(text: string, parts: { servers?: string[]; grants?: string[]; adopt?: string[] }) {
  const bare = (line: string) => {
    expect(text.split('\n')).toContain(`# ${line}`)
    return line
  }
  const sections = Object.entries(parts).map(([key, lines]) => [key, lines.map(bare).join('\n')] as const)
  const whole = sections.reduce(
    (all, [key, lines]) =>
      new RegExp(`^${key}:$`, 'mu').test(all)
        ? all.replace(new RegExp(`^${key}:$`, 'mu'), `$&\n${lines}`)
        : `${all}\n${bare(`${key}:`)}\n${lines}\n`,
    text,
  )
  return parseGrants(whole, 'grants.yaml')
}

/** The lines that are meant to be pasted, as `pasted` takes them. */
function pastable(text: string, section: RegExp): string[] {
  return text.split('\n').flatMap((line) => (section.test(line) ? [line.slice(2)] : []))
}

const grantLine = /^# {3}- \{ to:/u
const adoptLine = /^# {3}- (?!\{)/u
const appLine = /^# {3}[\w-]+: \{ app:/u

test('what a draft offers to add can be pasted as it stands: an App, one policy to adopt, and several', () => {
  const account = smallAccount({
    users: { ana: { attached: [policyArn('A'), policyArn('B')] }, ben: { inline: { 'old,one': read } } },
    policies: { A: read, B: read },
    servers: { 'ml-dev': {}, genai: {} },
    apps: ['genai'],
  })
  const [first, ...others] = account.servers
  const twice = {
    ...account,
    servers: [
      ...(first
        ? [first, { ...first, arn: first.arn.replace('eu-west-1', 'us-east-1'), region: 'us-east-1' }]
        : []),
      ...others,
    ],
  }
  const text = renderDraft(draftFromAccount(twice, now))
  const servers = pastable(text, appLine)
  const grants = pastable(text, grantLine)
  const adopt = pastable(text, adoptLine)
  expect([servers.length, grants.length, adopt.length]).toEqual([1, 3, 3])
  const one = pasted(text, { grants: grants.slice(0, 1), adopt: adopt.slice(0, 1) })
  expect(one.adopt).toEqual(['A'])
  const all = pasted(text, { servers, grants, adopt })
  expect(all.adopt).toEqual(['A', 'B', 'inline:old,one@user/ben'])
  expect(all.servers.map(({ kind }) => kind)).toContain('app')
  const plan = buildPlan({ file: all, snapshot: twice, prune: false, now })
  const taken = plan.operations.flatMap(({ action }) => (/^(Detach|Delete)/u.test(action) ? [action] : []))
  expect(taken.sort()).toEqual(['DeleteUserPolicy', 'DetachUserPolicy', 'DetachUserPolicy'])
})

test('a hand-made policy is noted with the nearest persona and what adopts it', () => {
  const account = smallAccount({
    users: { ana: { attached: [policyArn('TeamRead')] }, ben: { attached: [policyArn('TeamRead')] } },
    policies: { TeamRead: read, Unheld: read },
  })
  const draft = draftFromAccount(account, now)
  expect(draft.adoptable).toHaveLength(1)
  const text = renderDraft(draft)
  const file = pasted(text, { grants: pastable(text, grantLine), adopt: pastable(text, adoptLine) })
  const plan = buildPlan({ file, snapshot: account, prune: false, now })
  expect(plan.operations.filter(({ action }) => action === 'DetachUserPolicy')).toHaveLength(2)
})

test('inline policies that say the same are one note, which adopts each on its holder; those of a group are of the group', () => {
  const inline = { 'mlflow-access': read }
  const account = smallAccount({
    users: { ana: { groups: ['team'] } },
    groups: { team: { inline } },
    roles: {
      'chen-exec': { inline, path: '/teams/' },
      'ds-shared': { inline: { ...inline, logs: { ...read, Statement: [] } } },
      'lab-exec': { inline: { 'mlflow-access': { ...read, Id: 'unlike' } } },
      AWSReservedSSO_MLScientist_0123456789abcdef: { inline: { AwsSSOInlinePolicy: read } },
    },
    policies: { 'mlflow-access': read },
  })
  const draft = draftFromAccount(account, now)
  expect(draft.adoptable.map(({ adopt }) => adopt)).toEqual([
    ['inline:mlflow-access@role/lab-exec'],
    [
      'inline:mlflow-access@group/team',
      'inline:mlflow-access@role/chen-exec',
      'inline:mlflow-access@role/ds-shared',
    ],
  ])
  const text = renderDraft(draft)
  const file = pasted(text, {
    grants: pastable(text, grantLine).slice(1),
    adopt: pastable(text, adoptLine).slice(1),
  })
  const plan = buildPlan({ file, snapshot: account, prune: false, now })
  const deleted = plan.operations.filter(({ action }) => /^Delete/u.test(action)).map(({ action }) => action)
  expect(deleted.sort()).toEqual(['DeleteGroupPolicy', 'DeleteRolePolicy', 'DeleteRolePolicy'])
  expect(
    plan.findings.filter(({ code }) => code === 'adopt-loses').map(({ message }) => message),
  ).toHaveLength(3)
})

test('a split is read back with its grants, and planning with the file changes nothing, with and without prune', () => {
  const file = grantsFile({
    servers: [server('ml-dev')],
    grants: [
      grant(0, [profileRef('ben')], ['viewer'], ['ml-dev']),
      grant(1, [profileRef('cleo')], ['data-scientist'], ['ml-dev']),
    ],
    split: [
      { profile: `profile/${domainId}/ben` },
      { profile: `profile/${domainId}/cleo`, role: 'cleo-mlflow' },
    ],
  })
  const base = studioAccount()
  const start: Snapshot = {
    ...base,
    servers: base.servers.map((one) => ({ ...one, artifacts: `s3://${one.name}-mlflow/artifacts` })),
  }
  const made = projectPlan(start, buildPlan({ file, snapshot: start, prune: false, now }).operations)
  const draft = draftFromAccount(made, now)
  expect(draft.file.split).toEqual(file.split)
  expect(draft.unsaid).toEqual([])
  const again = parseGrants(renderDraft(draft), 'grants.yaml')
  expect(again.split).toEqual(file.split)
  // The roles are the program's own doing: a file speaks of the profiles.
  const given = again.grants.map(({ to, personas }) => [to.map(({ text }) => text), personas])
  expect(new Set(given)).toEqual(
    new Set([
      [[`profile/${domainId}/ben`], ['viewer']],
      [[`profile/${domainId}/cleo`], ['data-scientist']],
    ]),
  )
  for (const prune of [false, true])
    expect(buildPlan({ file: again, snapshot: made, prune, now }).operations).toEqual([])
})
