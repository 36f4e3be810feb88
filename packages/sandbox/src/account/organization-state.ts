/** The AWS organization that the account belongs to. */
export interface OrganizationState {
  id: string
  managementAccount: string
  managementEmail: string
  accounts: { id: string; name: string; email: string; joinedAt: string }[]
}
