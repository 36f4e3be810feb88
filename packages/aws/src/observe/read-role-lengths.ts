import type { IamRole } from '@mlflow-iam/core/snapshot/snapshot'
import { given } from '../given.ts'
import type { AccountIam } from './read-iam.ts'
import type { Reading } from './reading.ts'

/**
 * The account's IAM with what one read of it leaves out and a copy of a role has to have: session lengths and
 * descriptions, from one listing of all roles.
 */
export async function withRoleLengths(reading: Reading, iam: AccountIam): Promise<AccountIam> {
  const { client, api } = await reading.connection.iam()
  const details = await reading.part('role-details', false, new Map<string, Partial<IamRole>>(), async () => {
    const found = new Map<string, Partial<IamRole>>()
    let marker: string | undefined
    do {
      const page = await reading.must('iam:ListRoles', 'list the roles', () =>
        client.send(
          new api.ListRolesCommand({ MaxItems: 1000, ...(marker === undefined ? {} : { Marker: marker }) }),
        ),
      )
      for (const role of page.Roles ?? []) {
        found.set(role.Arn ?? '', {
          ...given('maxSessionDuration', role.MaxSessionDuration),
          ...(role.Description ? { description: role.Description } : {}),
        })
      }
      // An endpoint that hands out the same marker twice would keep us here for ever.
      marker = page.IsTruncated && page.Marker !== marker ? page.Marker : undefined
    } while (marker !== undefined)
    return found
  })
  return { ...iam, roles: iam.roles.map((role) => ({ ...role, ...details.get(role.arn) })) }
}
