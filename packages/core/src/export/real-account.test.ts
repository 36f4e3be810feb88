import { expect, test } from 'vitest'
import { now, policyArn, smallAccount } from '../../test/accounts/small-account.ts'
import { domainId, profileRef, studioAccount } from '../../test/accounts/studio-account.ts'
import { grant, grantsFile, server, user } from '../../test/grants-fixture.ts'
import { buildPlan } from '../plan/build-plan.ts'
import { splitRoleName } from '../target/split-roles.ts'
import { buildTemplate } from './cloudformation/template.ts'
import type { ExportFormat } from './exporter.ts'
import { exporters } from './index.ts'
import { renderCommands } from './render-commands.ts'
import { runnerPolicy } from './runner-policy.ts'

const base = studioAccount()
const account = {
  ...base,
  roles: base.roles.map((role) => (role.name === 'ds-shared' ? { ...role, maxSessionDuration: 7200 } : role)),
}
const profile = `profile/${domainId}/ben`
const file = grantsFile({
  servers: [server('ml-dev')],
  grants: [grant(0, [profileRef('ben')], ['viewer'], ['ml-dev'])],
  split: [{ profile }],
})
const plan = buildPlan({ file, snapshot: account, prune: false, now })
const roleName = splitRoleName(file.name, profile)
const roleArn = `arn:aws:iam::123456789012:role/service-role/${roleName}`
const command = `aws sagemaker update-user-profile --domain-id ${domainId} --user-profile-name ben --user-settings ExecutionRole=${roleArn} --region eu-west-1`

const filesOf = (id: ExportFormat) =>
  exporters[id].render(plan, { toolVersion: '0.0.0', json: false, readme: true })

test('a template makes the role as the shared one is: boundary, session length and policies from elsewhere', () => {
  const roles = Object.values(buildTemplate(plan, { manyRegions: false }).Resources).filter(
    ({ Type }) => Type === 'AWS::IAM::Role',
  )
  expect(roles).toMatchObject([
    {
      DeletionPolicy: 'Retain',
      Properties: {
        Path: '/service-role/',
        MaxSessionDuration: 7200,
        PermissionsBoundary: {
          'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/team-boundary',
        },
        ManagedPolicyArns: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/team-data' }],
      },
    },
  ])
})

test('a Terraform module makes it likewise', () => {
  const files = filesOf('terraform')
  const main = files.find(({ path }) => path === 'main.tf')?.text ?? ''
  expect(main).toContain('max_session_duration = 7200')
  expect(main).toContain('permissions_boundary = "arn:aws:iam::123456789012:policy/team-boundary"')
  expect(main).toMatch(/policy_arn = "arn:aws:iam::123456789012:policy\/team-data"/u)
})

test.each(['cloudformation', 'stackset', 'terraform'] as const)(
  'the README of %s holds the one command that moves the profile',
  (id) => {
    const files = filesOf(id)
    const readme = files.find(({ path }) => path === 'README.md')?.text.replaceAll('\\', '')
    expect(readme).toContain(command)
  },
)

test.each(['cloudformation', 'stackset', 'terraform'] as const)(
  '%s cannot detach an adopted policy, and says when and how to',
  (id) => {
    const old = policyArn('Old')
    const document = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
    }
    const adopting = buildPlan({
      file: grantsFile({
        servers: [server('ml-dev')],
        grants: [grant(0, [user('ana')], ['viewer'], ['ml-dev'])],
        adopt: ['Old', 'inline:by-hand@user/ana'],
      }),
      snapshot: smallAccount({
        users: { ana: { attached: [old], inline: { 'by-hand': document } } },
        policies: { Old: document },
      }),
      ...{ prune: false, now },
    })
    const readme = exporters[id]
      .render(adopting, { toolVersion: '0.0.0', json: false, readme: true })
      .find(({ path }) => path === 'README.md')?.text
    expect(readme).toContain(
      `Once the new access is in place: aws iam detach-user-policy --user-name ana --policy-arn ${old}`,
    )
    expect(readme).toContain(
      'Once the new access is in place: aws iam delete-user-policy --user-name ana --policy-name by-hand',
    )
    expect(readme).toContain(
      '- Before that, keep its text: aws iam get-user-policy --user-name ana --policy-name by-hand',
    )
  },
)

test('commands and scripts name the region of the profile, whatever the environment says', () => {
  expect(renderCommands(plan).replace(/ \\\n */gu, ' ')).toContain(command)
  for (const id of ['shell', 'powershell'] as const) {
    const files = filesOf(id)
    for (const { text } of files.filter(({ path }) => /^(apply|rollback)\./u.test(path)))
      expect(text, id).toMatch(/--region'?,? '?eu-west-1/u)
  }
})

test('whoever runs it may update this profile and pass this role to SageMaker, and nothing wider', () => {
  const statements = [runnerPolicy(plan).Statement].flat()
  expect(statements).toContainEqual({
    Sid: 'PassExecutionRoles',
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: [roleArn],
    Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
  })
  expect(statements).toContainEqual(
    expect.objectContaining({
      Action: ['sagemaker:DescribeUserProfile', 'sagemaker:UpdateUserProfile'],
      Resource: [`arn:aws:sagemaker:*:123456789012:user-profile/${domainId}/ben`],
    }),
  )
})

test.each(['shell', 'powershell'] as const)('the README of %s says what its rollback does not see', (id) => {
  const readme = filesOf(id).find(({ path }) => path === 'README.md')?.text
  expect(readme).toContain(
    'The rollback deletes the roles that were made. It does not see what has come to use',
  )
})
