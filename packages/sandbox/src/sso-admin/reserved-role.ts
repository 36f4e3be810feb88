import type { Account } from '../account/account.ts'
import type { PermissionSetState, ProvisioningState } from '../account/center-state.ts'
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

/**
 * Carries out a provisioning: the role of this account takes what the set says now. Of other accounts the
 * sandbox knows nothing but their ids; there it always works.
 */
export function provisionAccounts(account: Account, provisioning: ProvisioningState): void {
  const { state } = account
  const set = state.center?.permissionSets.find((each) => each.arn === provisioning.permissionSet)
  if (set === undefined) {
    provisioning.failure = 'The permission set was deleted meanwhile.'
    return
  }
  if (provisioning.accounts.includes(state.account)) {
    const attached = attachedOf(state, set)
    const missing = attached.find((arn) => account.policyByArn(arn) === undefined)
    if (missing !== undefined) {
      provisioning.failure = `Received a 404 status error: Not supported policy ${missing}.`
      return
    }
    const role = account.roles.find(reservedRoleName(state, set).toLowerCase())
    if (role !== undefined) {
      for (const arn of [...role.attached]) if (!attached.includes(arn)) account.detach(role, arn)
      for (const arn of attached) if (!role.attached.includes(arn)) account.attach(role, arn)
      role.inline = inlineOf(set)
    }
  }
  set.outdated = set.outdated.filter((id) => !provisioning.accounts.includes(id))
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
