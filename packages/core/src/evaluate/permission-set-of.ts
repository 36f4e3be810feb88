/** The permission set behind a role that Identity Center made: `MLScientist` of `AWSReservedSSO_MLScientist_0123456789abcdef`. */
export function permissionSetOf(roleName: string): string | undefined {
  return /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(roleName)?.[1]
}

/** The name that Identity Center gives a set's inline policy in the roles that it makes. */
export const inlineNameOfSets = 'AwsSSOInlinePolicy'
