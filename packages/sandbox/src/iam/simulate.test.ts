import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreatePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam'
import { expect, test } from 'vitest'
import { clientsOf, readPolicy, refusalOf } from '../../test/clients.ts'
import { createSandbox } from '../sandbox.ts'

const account = 'arn:aws:iam::123456789012'
const server = (name: string) => `arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/${name}`

test('each action on each server is decided, page by page', async () => {
  const { iam } = clientsOf(createSandbox())
  const ask = {
    PolicySourceArn: `${account}:role/chen-exec`,
    ActionNames: ['sagemaker-mlflow:LogMetric', 'sagemaker-mlflow:GetRun'],
    ResourceArns: [server('ml-dev'), server('ml-prod')],
  }
  const { EvaluationResults } = await iam.send(new SimulatePrincipalPolicyCommand(ask))
  expect(EvaluationResults?.map((each) => each.EvalDecision)).toEqual([
    'implicitDeny',
    'allowed',
    'implicitDeny',
    'implicitDeny',
  ])
  expect(EvaluationResults?.[1]?.MatchedStatements).toEqual([
    { SourcePolicyId: 'LegacyMLAccess', SourcePolicyType: 'user-managed' },
  ])
  const first = await iam.send(new SimulatePrincipalPolicyCommand({ ...ask, MaxItems: 3 }))
  const rest = await iam.send(new SimulatePrincipalPolicyCommand({ ...ask, Marker: first.Marker }))
  expect([first.EvaluationResults?.length, rest.EvaluationResults?.length]).toEqual([3, 1])
})

test("a user's groups and boundary count, an explicit deny wins", async () => {
  const { iam } = clientsOf(createSandbox())
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'read', PolicyDocument: readPolicy }),
  )
  await iam.send(new AttachGroupPolicyCommand({ GroupName: 'ml-reviewers', PolicyArn: Policy?.Arn }))
  await iam.send(new AddUserToGroupCommand({ GroupName: 'ml-reviewers', UserName: 'ana' }))
  const decide = async (more: object = {}) => {
    const ask = { PolicySourceArn: `${account}:user/ana`, ActionNames: ['sagemaker-mlflow:GetRun'], ...more }
    const [result] = (await iam.send(new SimulatePrincipalPolicyCommand(ask))).EvaluationResults ?? []
    return [result?.EvalDecision, result?.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary]
  }
  expect(await decide()).toEqual(['allowed', undefined])
  const deny = readPolicy.replace('"Allow"', '"Deny"')
  expect(await decide({ PolicyInputList: [deny] })).toEqual(['explicitDeny', undefined])
  await iam.send(
    new PutUserPermissionsBoundaryCommand({
      UserName: 'ana',
      PermissionsBoundary: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
    }),
  )
  expect(await decide()).toEqual(['implicitDeny', false])
})

test('what a condition needs must be supplied, and is named where it is not', async () => {
  const { iam } = clientsOf(createSandbox())
  const tagged = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sagemaker-mlflow:GetRun',
        Resource: '*',
        Condition: { StringEquals: { 'aws:ResourceTag/env': 'dev' } },
      },
    ],
  })
  const decide = async (values?: string[]) => {
    const entry = {
      ContextKeyName: 'aws:ResourceTag/env',
      ContextKeyType: 'string' as const,
      ContextKeyValues: values,
    }
    const { EvaluationResults } = await iam.send(
      new SimulateCustomPolicyCommand({
        PolicyInputList: [tagged],
        ActionNames: ['sagemaker-mlflow:GetRun'],
        ResourceArns: [server('ml-dev')],
        ...(values ? { ContextEntries: [entry] } : {}),
      }),
    )
    return [EvaluationResults?.[0]?.EvalDecision, EvaluationResults?.[0]?.MissingContextValues?.join()]
  }
  expect(await decide()).toEqual(['implicitDeny', 'aws:ResourceTag/env'])
  expect(await decide(['dev'])).toEqual(['allowed', ''])
  expect(await decide(['prod'])).toEqual(['implicitDeny', ''])
})

test('a session is no principal, and an action needs its service', async () => {
  const { iam } = clientsOf(createSandbox())
  const ask = (PolicySourceArn: string, action = 'iam:GetRole') =>
    refusalOf(iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames: [action] })))
  expect(await ask('arn:aws:sts::123456789012:assumed-role/Admin/ana')).toMatch(/^InvalidInputException 400/)
  expect(await ask(`${account}:role/nobody`)).toMatch(/^NoSuchEntityException 404/)
  expect(await ask(`${account}:role/Admin`, 'GetRole')).toMatch(/^InvalidInputException 400 Invalid Action/)
  expect(await ask(`${account}:role/Admin`)).toBe('accepted')
})
