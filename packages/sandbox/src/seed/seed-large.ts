import { newAccount } from '../account/empty-account.ts'
import type { SandboxState } from '../account/state.ts'
import { addGroup, addPolicy, addRole, addUser, allow, policyOf, trusting } from './add.ts'
import { account, region, serverArn } from './team-facts.ts'

export interface LargeShape {
  /** Users and roles together: nine roles for each user. */
  readonly principals: number
  /** Tracking servers, 3 where absent. */
  readonly servers?: number
  /** Customer-managed policies, 200 where absent. */
  readonly policies?: number
}

const trust = trusting('sagemaker.amazonaws.com')

/** A large account for benchmarks: the same bytes in every run. */
export function seedLarge({ principals, servers = 3, policies = 200 }: LargeShape): SandboxState {
  const state = newAccount(account, 'aws')
  state.alias = 'ml-large'
  state.quotas = { ...state.quotas, users: principals + 5000, roles: principals + 5000 }
  for (let index = 0; index < servers; index += 1) {
    const name = `ml-${padded(index)}`
    state.servers.push({
      name,
      arn: serverArn(name),
      region,
      artifacts: `s3://${name}-mlflow`,
      role: `arn:aws:iam::${account}:role/MlflowTracking`,
      size: 'Small',
      mlflowVersion: '3.0.0',
      status: 'Created',
      automaticModelRegistration: false,
      maintenanceWindow: 'Sun:02:00',
      bucketOwnerVerification: true,
      createdAt: '2025-01-20T10:00:00.000Z',
      updatedAt: '2025-01-20T10:00:00.000Z',
      tags: [{ Key: 'env', Value: index % 2 === 0 ? 'dev' : 'prod' }],
    })
  }
  addRole(state, 'MlflowTracking', trust)
  const arns = Array.from({ length: policies }, (_, index) =>
    addPolicy(state, `Legacy${padded(index)}`, [
      policyOf(
        allow(
          ['sagemaker-mlflow:Get*', 'sagemaker-mlflow:Search*', `s3:GetObject`],
          serverArn(`ml-${padded(index % Math.max(servers, 1))}`),
        ),
      ),
    ]),
  )
  for (let index = 0; index < 50; index += 1) addGroup(state, `team-${padded(index)}`)
  for (let index = 0; index < principals; index += 1) {
    const attached = [arns[index % Math.max(policies, 1)], arns[(index * 7) % Math.max(policies, 1)]]
    const holder = { attached: [...new Set(attached.filter((arn) => arn !== undefined))] }
    if (index % 10 === 0) {
      addUser(state, `person-${padded(index)}`, { ...holder, groups: [`team-${padded(index % 50)}`] })
    } else {
      addRole(state, `job-${padded(index)}`, trust, {
        ...holder,
        inline: { logs: policyOf(allow('logs:PutLogEvents', '*')) },
      })
    }
  }
  return state
}

function padded(index: number): string {
  return String(index).padStart(5, '0')
}
