import fc from 'fast-check'
import type { Plan } from '../../src/plan/plan.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import type { TargetPolicy, TargetPrincipal, TargetRole } from '../../src/target/target.ts'
import {
  planForEmptyAccount,
  principal,
  sagemakerTrust,
  serverArn,
  targetPolicy,
  targetRole,
} from './make-plan.ts'

/** IAM names: `[\w+=,.@-]`. */
const iamName = fc
  .string({ unit: fc.constantFrom(...'abzAZ09_+=,.@-'), minLength: 1, maxLength: 20 })
  .map((text) => `n${text}`)

/** What IAM takes in a document, with everything that some output format could trip over. */
const documentText = fc.oneof(
  fc.string({
    unit: fc.constantFrom(...'ab01 \'"`$\\{}%!#&|;()<>*?~^[]:,=@/-\t\n\u00e9\u00a0\u00ff\u007f\u0085'),
    maxLength: 24,
  }),
  fc.constantFrom(
    '${aws:username}',
    '%{if true}',
    '$${x}',
    'EOF',
    'JSON',
    "'@",
    '!Ref x',
    '2012-10-17',
    'arn:aws:s3:::ml-dev-mlflow/runs/*',
    'arn:aws:kms:eu-west-1:123456789012:key/0f1e2d3c-aaaa-bbbb-cccc-000000000000',
    'arn:aws:iam::123456789012:role/mlflow-tracking-server',
    'arn:aws:sagemaker:us-east-1:999999999999:mlflow-tracking-server/elsewhere',
    '123456789012',
    serverArn,
  ),
)

const document: fc.Arbitrary<PolicyDocument> = fc
  .array(
    fc.record({
      Effect: fc.constant('Allow' as const),
      Action: fc.oneof(fc.constant('sagemaker-mlflow:GetRun'), fc.array(documentText, { maxLength: 3 })),
      Resource: fc.oneof(documentText, fc.array(documentText, { maxLength: 3 })),
      Condition: fc.record({ StringEquals: fc.dictionary(documentText, documentText, { maxKeys: 2 }) }),
    }),
    { minLength: 1, maxLength: 2 },
  )
  .map((Statement) => ({ Version: '2012-10-17', Statement }))

/** Plans for an empty account, with names and documents as awkward as IAM allows. */
export const planArbitrary: fc.Arbitrary<Plan> = fc
  .record({
    policies: fc.uniqueArray(fc.tuple(iamName, document), {
      selector: ([name]) => name.toLowerCase(),
      maxLength: 3,
    }),
    roles: fc.uniqueArray(iamName, { selector: (name) => name.toLowerCase(), maxLength: 2 }),
    holders: fc.array(fc.tuple(fc.constantFrom('user', 'group', 'role'), iamName, fc.nat(), fc.nat()), {
      maxLength: 6,
    }),
  })
  .map(({ policies, roles, holders }) => {
    const targetPolicies = policies.map(([name, body]): TargetPolicy => targetPolicy(name, body))
    const targetRoles = roles.map((name): TargetRole => ({ ...targetRole(name), trust: sagemakerTrust }))
    const attachments = new Map<string, { principal: TargetPrincipal; policy: TargetPolicy }>()
    for (const [kind, name, which, own] of holders) {
      const policy = targetPolicies[which % Math.max(1, targetPolicies.length)]
      const role =
        kind === 'role' && own % 2 === 0 ? targetRoles[own % Math.max(1, targetRoles.length)] : undefined
      const holder = principal(kind as 'user', role?.name ?? name)
      if (policy !== undefined) attachments.set(`${holder.arn} ${policy.arn}`, { principal: holder, policy })
    }
    return planForEmptyAccount(targetPolicies, targetRoles, [...attachments.values()])
  })
