import type { Account } from '../account/account.ts'
import { shown } from '../wire/rules.ts'
import {
  checkActions,
  checkCondition,
  isObject,
  type Json,
  readStatements,
  syntaxError,
} from './policy-grammar.ts'
import { malformedPolicy } from './refusals.ts'

/** Services that AWS lets assume roles, as far as this account needs them. */
const knownServices = new Set(
  `access-analyzer airflow airflow-env apigateway application-autoscaling appsync athena autoscaling backup batch
  bedrock bedrock-agentcore build.apprunner cloudformation cloudtrail codebuild codedeploy codepipeline
  cognito-idp comprehend config datapipeline datasync datazone dms ds ec2 ecs ecs-tasks edgelambda eks
  elasticmapreduce emr-containers events export.rds firehose glue guardduty imagebuilder iot kinesisanalytics
  lakeformation lambda logs mediaconvert monitoring neptune opensearchservice ops.emr-serverless personalize pipes
  pods.eks quicksight rds redshift redshift-serverless rekognition s3 sagemaker scheduler secretsmanager
  servicecatalog ses sns spotfleet ssm sso states storagegateway support tasks.apprunner transcribe transfer
  vpc-flow-logs`.split(/\s+/),
)
/** `states.amazonaws.com`, or with a region, `states.eu-west-1.amazonaws.com`. */
const serviceShape = /^(.+?)(?:\.[a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com$/
const trustActions = new Set(
  [
    'AssumeRole',
    'AssumeRoleWithSAML',
    'AssumeRoleWithWebIdentity',
    'TagSession',
    'SetSourceIdentity',
    'SetContext',
  ]
    .map((name) => `sts:${name}`.toLowerCase())
    .concat('sts:*', 'sts:assumerole*'),
)

/** Refuses a trust policy that IAM would refuse; principals of this account must exist. */
export function checkTrustPolicy(account: Account, document: string): void {
  for (const statement of readStatements(document, 'accepted')) {
    if ('Resource' in statement || 'NotResource' in statement) {
      throw malformedPolicy('Has prohibited field Resource')
    }
    if (!('Principal' in statement) && !('NotPrincipal' in statement)) {
      throw malformedPolicy('Missing required field Principal')
    }
    if ('NotPrincipal' in statement) {
      throw malformedPolicy('AssumeRole policy may not specify NotPrincipal.')
    }
    for (const action of checkActions(statement)) {
      if (!trustActions.has(action.toLowerCase())) {
        throw malformedPolicy('AssumeRole policy may only specify STS AssumeRole actions.')
      }
    }
    checkPrincipal(account, statement)
    checkCondition(statement.Condition)
  }
}

function checkPrincipal(account: Account, statement: Json): void {
  const principal = statement.Principal
  if (principal === '*') return
  if (!isObject(principal) || Object.keys(principal).length === 0) throw syntaxError()
  for (const [kind, named] of Object.entries(principal)) {
    const names: readonly unknown[] = Array.isArray(named) ? named : [named]
    if (names.length === 0) throw syntaxError()
    for (const name of names) {
      if (typeof name !== 'string' || !isKnown(account, kind, name)) {
        throw malformedPolicy(`Invalid principal in policy: "${kind.toUpperCase()}":"${shown(name)}"`)
      }
    }
  }
}

function isKnown(account: Account, kind: string, name: string): boolean {
  if (kind === 'Service') return knownServices.has(serviceShape.exec(name)?.[1] ?? '')
  if (kind === 'Federated')
    return /^arn:aws[a-z-]*:iam::\d{12}:(saml|oidc)-provider\/.+$|^[a-z0-9.-]+$/.test(name)
  if (kind === 'CanonicalUser') return /^[0-9a-f]{64}$/.test(name)
  if (kind !== 'AWS') return false
  if (name === '*' || /^\d{12}$/.test(name)) return true
  // An id stands for a principal that was deleted after the policy was written.
  if (/^A(?:IDA|ROA)[A-Z0-9]{16,}$/.test(name)) return true
  const parts = /^arn:(aws[a-z-]*):(iam|sts)::(\d{12}):(root|(?:user|role|assumed-role)\/(.+))$/.exec(name)
  if (parts === null || parts[1] !== account.state.partition) return false
  if (parts[4] === 'root' || parts[3] !== account.state.account) return true
  if (parts[2] === 'sts')
    return account.roles.find((parts[5] ?? '').split('/')[0]?.toLowerCase() ?? '') !== undefined
  const lastName = (parts[5] ?? '').split('/').at(-1)?.toLowerCase() ?? ''
  const table = parts[4]?.startsWith('user/') ? account.users : account.roles
  return table.find(lastName)?.arn === name
}
