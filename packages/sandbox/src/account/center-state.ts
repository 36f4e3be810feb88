/** An IAM Identity Center instance, its permission sets and its people. */
export interface CenterState {
  instanceArn: string
  identityStoreId: string
  ownerAccount: string
  createdAt: string
  permissionSets: PermissionSetState[]
  assignments: AssignmentState[]
  provisionings: ProvisioningState[]
  users: DirectoryUserState[]
  groups: DirectoryGroupState[]
}

/** What a permission set says: its two policy lists and the inline document. */
export interface SetContent {
  managed: string[]
  customerManaged: { Name: string; Path: string }[]
  inline?: string
}

export interface PermissionSetState extends SetContent {
  arn: string
  name: string
  description?: string
  sessionDuration: string
  createdAt: string
  /** Ids of the accounts that it is provisioned to. */
  accounts: string[]
  /** Accounts whose role does not yet hold the newest content. */
  outdated: string[]
}

export interface AssignmentState {
  account: string
  permissionSet: string
  principalType: 'USER' | 'GROUP'
  principalId: string
}

export interface ProvisioningState {
  requestId: string
  permissionSet: string
  accounts: string[]
  createdAt: string
  /** How often the status still answers IN_PROGRESS. */
  pending: number
  failure?: string
}

export interface DirectoryUserState {
  id: string
  userName: string
  displayName: string
  email: string
}

export interface DirectoryGroupState {
  id: string
  name: string
  members: string[]
}
