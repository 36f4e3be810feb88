import fc from 'fast-check'
import { expect, test } from 'vitest'
import { serverOfSid, serverSid } from './server-sid.ts'

const role = 'arn:aws:iam::210987654321:role/teams/mlflow-access'
const arn = (region: string, name: string) =>
  `arn:aws:sagemaker:${region}:210987654321:mlflow-tracking-server/${name}`

test('a server of another account is told by the Sid that leads there, whatever its name', () => {
  const names = fc.stringMatching(/^[a-zA-Z0-9](-{0,2}[a-zA-Z0-9]){0,40}$/)
  fc.assert(
    fc.property(
      names,
      fc.constantFrom('eu-west-1', 'us-gov-west-1'),
      fc.constantFrom('', '2'),
      (name, region, number) => {
        const sid = serverSid(arn(region, name))
        expect(sid).toMatch(/^[A-Za-z0-9]+$/)
        expect(serverOfSid(`MlflowIam1a2b3c4d${sid}${number}`, role)).toBe(arn(region, name))
      },
    ),
  )
})

test.each([
  'AssumeServerRoles',
  'AssumeServerRoleZe',
  'AssumeServerRoleZsaZsbZe!',
  'AssumeServerRoleZsbZe',
  undefined,
])('the Sid %s names no server', (sid) => {
  expect(serverOfSid(sid, role)).toBeUndefined()
})

test('what is no role of IAM leads nowhere', () => {
  expect(serverOfSid(serverSid(arn('eu-west-1', 'a')), 'arn:aws:s3:::bucket')).toBeUndefined()
})
