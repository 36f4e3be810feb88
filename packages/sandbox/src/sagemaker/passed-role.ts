import type { Account } from '../account/account.ts'
import { invalid } from './refusals.ts'

/** A role that a server, App or profile is to use: it must be there and trust SageMaker. */
export function checkServiceRole(account: Account, roleArn: string): void {
  const name = roleArn.slice(roleArn.lastIndexOf('/') + 1)
  const role = account.roles.find(name.toLowerCase())
  if (role?.arn !== roleArn) throw invalid(`Role ${roleArn} does not exist or cannot be passed.`)
  if (!role.trust.includes('sagemaker.amazonaws.com')) {
    throw invalid(
      `Could not assume role ${roleArn}. Please ensure that the role exists and allows principal ` +
        `'sagemaker.amazonaws.com' to assume the role.`,
    )
  }
}
