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

test('a hand-made policy is noted with the nearest persona and the two lines that adopt it', () => {
  const account = smallAccount({
    users: { ana: { attached: [policyArn('TeamRead')] }, ben: { attached: [policyArn('TeamRead')] } },
    policies: { TeamRead: read, Unheld: read },
  })
  const draft = draftFromAccount(account, now)
  expect(draft.adoptable).toHaveLength(1)
  const [note] = draft.adoptable
  const text = renderDraft(draft)
  for (const line of note?.lines ?? []) expect(text).toContain(`#     ${line}`)
  const [grantLine = '', adoptLine = ''] = note?.lines ?? []
  const file = parseGrants(
    `${text.replace(/^grants:.*\n/mu, '')}\n${adoptLine}\ngrants:\n  ${grantLine}\n`,
    'grants.yaml',
  )
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
  expect(draft.adoptable.map(({ lines }) => lines[1])).toEqual([
    'adopt: ["inline:mlflow-access@role/lab-exec"]',
    'adopt: ["inline:mlflow-access@group/team", "inline:mlflow-access@role/chen-exec", "inline:mlflow-access@role/ds-shared"]',
  ])
  const [, note] = draft.adoptable
  const text = renderDraft(draft)
  for (const line of note?.lines ?? []) expect(text).toContain(`#     ${line}`)
  const [grantLine = '', adoptLine = ''] = note?.lines ?? []
  const file = parseGrants(
    `${text.replace(/^grants:.*\n/mu, '')}\n${adoptLine}\ngrants:\n  ${grantLine}\n`,
    'grants.yaml',
  )
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
    grants: [grant(0, [profileRef('ben')], ['viewer'], ['ml-dev'])],
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
  for (const prune of [false, true])
    expect(buildPlan({ file: again, snapshot: made, prune, now }).operations).toEqual([])
})
