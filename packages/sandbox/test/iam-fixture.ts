import { CreatePolicyCommand, CreateRoleCommand, CreateUserCommand } from '@aws-sdk/client-iam'
import { emptyAccount } from '../src/account/empty-account.ts'
import { createSandbox } from '../src/sandbox.ts'
import { clientsOf, readPolicy, sageMakerTrust } from './clients.ts'

/** The IAM of an account, empty where none is given, and the shortest ways to make something in it. */
export function iamFixture(state = emptyAccount()) {
  const sandbox = createSandbox({ state })
  const { iam } = clientsOf(sandbox)
  return {
    sandbox,
    iam,
    role: (name: string, more: object = {}) =>
      iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: sageMakerTrust, ...more })),
    user: (name: string) => iam.send(new CreateUserCommand({ UserName: name })),
    policy: (name: string, more: object = {}) =>
      iam.send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: readPolicy, ...more })),
  }
}

export function arnOf(name: string, path = '/'): string {
  return `arn:aws:iam::123456789012:policy${path}${name}`
}
