import { permissionSetOf } from '../evaluate/permission-set-of.ts'
import { arnName } from '../policy/arn.ts'

/** The last part of an ARN; a permission set's name for the role that Identity Center made. */
export function nameOf(arn: string): string {
  const name = arnName(arn)
  return permissionSetOf(name) ?? name
}
