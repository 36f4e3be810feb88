import type { Request } from '../plan/operation.ts'

/** A request in a few words: `AttachUserPolicy ana mlflow-iam-viewer-1a2b3c4d`. */
export function saying({ action, input }: Request): string {
  const members: Readonly<Record<string, unknown>> = { ...input }
  const names = [
    'UserName',
    'GroupName',
    'RoleName',
    'PolicyName',
    'UserProfileName',
    'PermissionSetArn',
    'PolicyArn',
  ]
  const found = names.map((name) => members[name]).filter((value) => typeof value === 'string')
  return [action, ...found.map((value) => String(value).replace(/^.*\//, ''))].join(' ')
}
