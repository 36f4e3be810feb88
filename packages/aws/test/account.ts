import {
  AddUserToGroupCommand,
  CreateGroupCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam'
import { createSandbox, emptyAccount, type SandboxState } from '@mlflow-iam/sandbox'
import { type AwsConnection, connect, type RequestHandler } from '../src/connection.ts'

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

/** Signs in to a sandbox, or to whatever stands before it. */
export function signIn(handler: RequestHandler): AwsConnection {
  return connect({ requestHandler: handler, region: 'eu-west-1' })
}

/** A small account: twelve users, two groups and three roles, and nothing that this program made. */
export async function smallTeam(): Promise<SandboxState> {
  const sandbox = createSandbox({ state: emptyAccount() })
  const client = new IAMClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'SANDBOX', secretAccessKey: 'sandbox' },
    requestHandler: sandbox.requestHandler,
  })
  for (const name of people) await client.send(new CreateUserCommand({ UserName: name }))
  for (const name of ['ml', 'readers']) await client.send(new CreateGroupCommand({ GroupName: name }))
  await client.send(new AddUserToGroupCommand({ GroupName: 'ml', UserName: 'ana' }))
  for (const name of ['trainer', 'deployer', 'auditor']) {
    await client.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }))
  }
  return structuredClone(sandbox.state) as SandboxState
}

export const people = [
  'ana',
  'ben',
  'chen',
  'dora',
  'emil',
  'fay',
  'gus',
  'hana',
  'ivo',
  'june',
  'kim',
  'leo',
]

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
})

/** What counts when two accounts are compared: everything but what AWS invents anew each time. */
export function essence(state: SandboxState): unknown {
  return {
    users: state.users.map((user) => ({
      name: user.name,
      attached: [...user.attached].sort(),
      inline: user.inline,
    })),
    groups: state.groups.map((group) => ({ name: group.name, attached: [...group.attached].sort() })),
    roles: [...state.roles]
      .map((role) => ({
        ...{ name: role.name, path: role.path, attached: [...role.attached].sort(), inline: role.inline },
        ...{ trust: role.trust, tags: [...role.tags].sort(byKey), description: role.description },
      }))
      .sort(byName),
    policies: [...state.policies]
      .map((policy) => ({
        ...{
          name: policy.name,
          path: policy.path,
          tags: [...policy.tags].sort(byKey),
          description: policy.description,
        },
        document: policy.versions.find((version) => version.id === policy.defaultVersion)?.document,
        documents: policy.versions.map((version) => version.document).sort(),
      }))
      .sort(byName),
    sets: state.center?.permissionSets,
  }
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1
}

function byKey(a: { Key: string }, b: { Key: string }): number {
  return a.Key < b.Key ? -1 : 1
}
