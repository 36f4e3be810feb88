import type { PermissionSetState } from '../account/center-state.ts'
import { hexId, uuidOf } from '../account/ids.ts'
import type { AccountState } from '../account/state.ts'
import { addReservedRole } from '../sso-admin/reserved-role.ts'
import { allow, policyOf, written } from './add.ts'
import { prodAccount } from './seed-prod.ts'
import { account, awsPolicy } from './team-facts.ts'

const instanceArn = 'arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6'
const accounts = { sandbox: account, prod: prodAccount, lab: '333344445555', finance: '444455556666' }
const everywhere = Object.values(accounts)

/** Sets that reach this account; the others are assigned elsewhere, or nowhere yet. */
const here: Readonly<Record<string, readonly string[]>> = {
  MLScientist: everywhere,
  MLEngineer: [accounts.sandbox, accounts.prod, accounts.lab],
  MLAuditor: [accounts.sandbox],
  DataPlatform: [accounts.sandbox, accounts.prod],
  ReadOnly: everywhere,
  PowerUser: [accounts.sandbox],
}
const elsewhere = `LabAdmin LabUser FinanceAnalyst FinanceAdmin FinanceAuditor DevAdmin DevUser BillingViewer
  NetworkAdmin NetworkViewer SecurityAudit SecurityResponder BackupOperator DatabaseAdmin DatabaseViewer
  SupportUser ReleaseManager CostOptimizer TagEditor`.split(/\s+/)

/** IAM Identity Center with 27 permission sets, run from this account, and the roles that it keeps here. */
export function addTeamCenter(state: AccountState): void {
  const sets: PermissionSetState[] = [
    ...Object.entries(here).map(([name, reached]) => permissionSet(name, reached)),
    ...elsewhere.map((name, index) =>
      permissionSet(
        name,
        name.startsWith('Finance') ? [accounts.finance] : index % 2 ? [accounts.prod] : [accounts.lab],
      ),
    ),
    permissionSet('MLTrainee', []),
    permissionSet('BreakGlass', []),
  ]
  state.center = {
    instanceArn,
    identityStoreId: 'd-9067abc123',
    ownerAccount: account,
    createdAt: '2023-11-02T08:00:00.000Z',
    permissionSets: sets,
    assignments: [],
    provisionings: [],
    users: ['ana', 'ben', 'chen', 'dara', 'elif'].map((userName) => ({
      id: directoryId(`user/${userName}`),
      userName,
      displayName: userName.charAt(0).toUpperCase() + userName.slice(1),
      email: `${userName}@example.com`,
    })),
    groups: ['scientists', 'engineers', 'auditors'].map((name) => ({
      id: directoryId(`group/${name}`),
      name,
      members: [directoryId('user/ana'), directoryId('user/ben')],
    })),
  }
  for (const set of sets) {
    for (const reached of set.accounts) {
      state.center.assignments.push({
        account: reached,
        permissionSet: set.arn,
        principalType: 'GROUP',
        principalId: directoryId(`group/${set.name === 'MLEngineer' ? 'engineers' : 'scientists'}`),
      })
    }
    if (set.accounts.includes(account)) addReservedRole(state, set)
  }
  state.organization = {
    id: 'o-a1b2c3d4e5',
    managementAccount: account,
    managementEmail: 'aws@example.com',
    accounts: [
      ['ml-sandbox', accounts.sandbox],
      ['ml-sandbox-prod', accounts.prod],
      ['ml-lab', accounts.lab],
      ['finance-ml', accounts.finance],
    ].map(([name = '', id = '']) => ({
      id,
      name,
      email: `aws+${name}@example.com`,
      joinedAt: '2023-10-01T08:00:00.000Z',
    })),
  }
}

function permissionSet(name: string, reached: readonly string[]): PermissionSetState {
  return {
    arn: `arn:aws:sso:::permissionSet/${instanceArn.split('/')[1]}/ps-${hexId(16, `set/${name}`)}`,
    name,
    ...(name === 'BreakGlass' ? {} : { description: `Access as ${name}` }),
    sessionDuration: 'PT8H',
    createdAt: '2024-01-15T09:00:00.000Z',
    managed: name.startsWith('ML')
      ? []
      : [awsPolicy(name === 'PowerUser' ? 'PowerUserAccess' : 'ReadOnlyAccess')],
    customerManaged: name === 'MLEngineer' ? [{ Name: 'StudioBase', Path: '/studio/' }] : [],
    ...(name.startsWith('ML')
      ? {
          inline: written(
            policyOf(allow(['sagemaker:ListDomains', 'sagemaker:ListMlflowTrackingServers'], '*')),
          ),
        }
      : {}),
    accounts: [...reached],
    outdated: [],
  }
}

function directoryId(seed: string): string {
  return `906${hexId(7, seed)}-${uuidOf(seed)}`
}
