import type { PermissionSetState } from '../account/center-state.ts'
import { entityId, hexId } from '../account/ids.ts'
import type { AccountState, RoleState } from '../account/state.ts'

const reservedPath = '/aws-reserved/sso.amazonaws.com/eu-west-1/'

/** Name of the role that Identity Center keeps for a set: `AWSReservedSSO_MLScientist_0123456789abcdef`. */
export function reservedRoleName(state: AccountState, set: PermissionSetState): string {
  return `AWSReservedSSO_${set.name}_${hexId(16, `${state.account}/${set.arn}`)}`
}

/** Makes the role of a permission set in this account, with the content that the set has now. */
export function addReservedRole(state: AccountState, set: PermissionSetState): RoleState {
  const name = reservedRoleName(state, set)
  state.counter += 1
  const role: RoleState = {
    name,
    path: reservedPath,
    id: entityId('AROA', `${state.account}/${state.counter}`),
    arn: `arn:${state.partition}:iam::${state.account}:role${reservedPath}${name}`,
    createdAt: set.createdAt,
    trust: trustOf(state),
    ...(set.description === undefined ? {} : { description: set.description }),
    maxSessionDuration: 43_200,
    inline: inlineOf(set),
    attached: attachedOf(state, set),
    tags: [],
  }
  state.roles.push(role)
  return role
}

/** ARNs of what the set attaches in this account. */
export function attachedOf(state: AccountState, set: PermissionSetState): string[] {
  const own = set.customerManaged.map(
    ({ Name, Path }) => `arn:${state.partition}:iam::${state.account}:policy${Path}${Name}`,
  )
  return [...set.managed, ...own]
}

export function inlineOf(set: PermissionSetState): { name: string; document: string }[] {
  return set.inline === undefined ? [] : [{ name: 'AwsSSOInlinePolicy', document: set.inline }]
}

function trustOf({ partition, account }: AccountState): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: {
          Federated: `arn:${partition}:iam::${account}:saml-provider/AWSSSO_${hexId(16, account)}_DO_NOT_DELETE`,
        },
        Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
        Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
      },
    ],
  })
}
