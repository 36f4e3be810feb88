import { newAccount } from '../account/empty-account.ts'
import type { AccountState, SandboxState } from '../account/state.ts'
import { addGroup, addPolicy, addRole, addUser, allow, policyOf, trusting } from './add.ts'
import { awsPolicy, region } from './team-facts.ts'

/** The account beside the team's own, to try several at once. */
export const prodAccount = '210987654321'

const times = { region, createdAt: '2025-03-11T10:00:00.000Z', updatedAt: '2025-06-04T12:30:00.000Z' }
const serverArn = (name: string) =>
  `arn:aws:sagemaker:${region}:${prodAccount}:mlflow-tracking-server/${name}`

/** A production account: two tracking servers, few people, the same pipeline, one old policy of its own. */
export function seedProd(): SandboxState {
  const state = newAccount(prodAccount, 'aws')
  state.alias = 'ml-sandbox-prod'
  addIam(state)
  for (const name of ['ml-staging', 'ml-prod']) {
    state.servers.push({
      ...times,
      name,
      arn: serverArn(name),
      artifacts: `s3://${name}-mlflow-${prodAccount}`,
      role: `arn:aws:iam::${prodAccount}:role/MlflowTracking`,
      size: name === 'ml-prod' ? 'Medium' : 'Small',
      mlflowVersion: '3.0.0',
      status: 'Created',
      automaticModelRegistration: true,
      maintenanceWindow: 'Sun:02:00',
      bucketOwner: prodAccount,
      bucketOwnerVerification: true,
      tags: [{ Key: 'env', Value: name.slice(3) }],
    })
  }
  return state
}

function addIam(state: AccountState): void {
  const sageMaker = trusting('sagemaker.amazonaws.com')
  const serving = addPolicy(state, 'ServingMLflowRead', [
    policyOf(
      allow(
        ['sagemaker-mlflow:GetModelVersion', 'sagemaker-mlflow:GetModelVersionByAlias'],
        serverArn('ml-prod'),
        { Sid: 'Serving' },
      ),
    ),
  ])
  addGroup(state, 'ml-reviewers')
  addGroup(state, 'platform-admins', { path: '/admins/', attached: [awsPolicy('AdministratorAccess')] })
  addUser(state, 'ana')
  addUser(state, 'dara', { groups: ['ml-reviewers'] })
  addUser(state, 'root-admin', { path: '/admins/', groups: ['platform-admins'] })
  addRole(state, 'MlflowTracking', sageMaker, { description: 'What the tracking servers use.' })
  addRole(state, 'ci-trainer', trusting('codebuild.amazonaws.com'))
  addRole(state, 'gpu-jobs', sageMaker)
  addRole(state, 'model-serving', sageMaker, { attached: [serving] })
  const trust = policyOf({
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${prodAccount}:root` },
    Action: 'sts:AssumeRole',
  })
  const admin = addRole(state, 'Admin', trust, {
    attached: [awsPolicy('AdministratorAccess')],
    maxSessionDuration: 43_200,
  })
  state.caller.userId = `${admin.id}:ana`
}
