import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import {
  makePlan,
  planForEmptyAccount,
  policyDocument,
  principal,
  targetPolicy,
} from '../../test/plans/make-plan.ts'
import { awsCommand } from './aws-command.ts'
import { renderCommands } from './render-commands.ts'

const policy = targetPolicy('MLflowPolicy', policyDocument(['CreateRun', 'LogMetric']))
const guidePlan = planForEmptyAccount([policy], [], [{ principal: principal('role', 'ml-team'), policy }])

/** Runs the text in bash with an `aws` that only writes down its words. */
function wordsReceived(text: string): readonly (readonly string[])[] {
  const stub = `aws() { printf '%s\\0' "$@" >&3; printf '\\n\\0' >&3; [ "$2" != create-policy-version ] || echo v7; }\n`
  const output = execFileSync('bash', ['-euc', `exec 3>&1; ${stub}${text}`]).toString()
  return output
    .split('\n\0')
    .filter((call) => call !== '')
    .map((call) => call.split('\0').slice(0, -1))
}

test("the AWS guide's three commands stand there, complete and in order", () => {
  expect(renderCommands(guidePlan)).toMatchInlineSnapshot(`
    "aws sts get-caller-identity
    # Go on only if "Account" is 123456789012.
    # Plan 7c1e0a12b3c4, 2 calls, in this order.

    # 1 of 2: Makes the policy viewer on ml-dev.
    aws iam create-policy \\
      --policy-name MLflowPolicy \\
      --path /mlflow-iam/ml-platform/ \\
      --policy-document '{
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "MlflowActions",
          "Effect": "Allow",
          "Action": [
            "sagemaker-mlflow:CreateRun",
            "sagemaker-mlflow:LogMetric"
          ],
          "Resource": "arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/ml-dev"
        },
        {
          "Sid": "MlflowUi",
          "Effect": "Allow",
          "Action": "sagemaker-mlflow:AccessUI",
          "Resource": "*"
        }
      ]
    }' \\
      --description 'MLflow access, managed by mlflow-iam (ml-platform).' \\
      --tags \\
        Key=managed-by,Value=mlflow-iam \\
        Key=mlflow-iam:grants,Value=ml-platform \\
        Key=mlflow-iam:persona,Value=viewer

    # 2 of 2: Gives role/ml-team viewer on ml-dev.
    aws iam attach-role-policy \\
      --role-name ml-team \\
      --policy-arn arn:aws:iam::123456789012:policy/mlflow-iam/ml-platform/MLflowPolicy
    "
  `)
})

test('bash finds nothing wrong with it and sends exactly the calls', () => {
  const text = renderCommands(guidePlan)
  execFileSync('bash', ['-n', '-c', text])
  const calls = wordsReceived(text)
  expect(calls.map((call) => call.slice(0, 2).join(' '))).toEqual([
    'sts get-caller-identity',
    'iam create-policy',
    'iam attach-role-policy',
  ])
  const [, create] = calls
  const document = create?.[create.indexOf('--policy-document') + 1]
  expect(JSON.parse(document ?? '')).toEqual(policy.document)
})

test('a value that AWS invents is kept in a variable for the call that needs it', () => {
  const PolicyArn = policy.arn
  const plan = makePlan([
    {
      request: {
        action: 'CreatePolicyVersion',
        input: { PolicyArn, PolicyDocument: '{"a": "it\'s"}', SetAsDefault: false },
      },
      inverse: [],
    },
    {
      request: {
        action: 'SetDefaultPolicyVersion',
        input: { PolicyArn, VersionId: { $from: 'op-1.PolicyVersion.VersionId' } },
      },
      inverse: [],
    },
  ])
  expect(wordsReceived(renderCommands(plan))[2]).toEqual([
    'iam',
    'set-default-policy-version',
    '--policy-arn',
    PolicyArn,
    '--version-id',
    'v7',
  ])
})

test('a reason cannot leave its comment', () => {
  const plan = makePlan([
    {
      request: { action: 'DeleteRole', input: { RoleName: 'a' } },
      inverse: [],
      because: 'x\naws iam delete-user',
    },
  ])
  expect(wordsReceived(renderCommands(plan)).length).toBe(2)
})

test('values that the AWS CLI would fetch, split or take for an option arrive as they are', () => {
  const role = (RoleName: string) => awsCommand({ action: 'DeleteRole', input: { RoleName } })
  expect(role('-x')).toBe('aws iam delete-role \\\n  --role-name=-x')
  expect(role('file:///etc/passwd')).toContain('--cli-input-json')
  expect(role('https://example.org/')).toContain('--cli-input-json')
  const tagged = (Value: string) =>
    awsCommand({ action: 'TagRole', input: { RoleName: 'r', Tags: [{ Key: 'k', Value }] } })
  expect(tagged('plain')).toContain('--tags Key=k,Value=plain')
  expect(tagged('a,Key=b')).toContain(`--tags '[{"Key":"k","Value":"a,Key=b"}]'`)
})
