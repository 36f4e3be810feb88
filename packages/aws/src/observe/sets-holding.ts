import { permissionSetOf } from '@mlflow-iam/core/evaluate/permission-set-of'
import type { IamRole } from '@mlflow-iam/core/snapshot/snapshot'
import { ownStatements } from '@mlflow-iam/core/target/inline-statements'
import { ownedPath } from '@mlflow-iam/core/target/owned'
import type { ObserveNeeds, PartNeed } from './needs.ts'

/**
 * The permission sets to read: those asked for, and those whose roles in this account hold something of the grants
 * file. Reading all of an organisation to find them would take thousands of calls; the roles say it for nothing.
 */
export function permissionSetsNeeded(
  { permissionSets: asked, setsOf }: ObserveNeeds,
  roles: readonly IamRole[],
): PartNeed | undefined {
  if (setsOf === undefined || (asked && !asked.names)) return asked
  const path = `:policy${ownedPath(setsOf)}`
  const holding = roles
    .filter(
      ({ attached, inline }) =>
        attached.some((arn) => arn.includes(path)) ||
        inline.some(({ document }) => ownStatements(document, setsOf).length > 0),
    )
    .flatMap(({ name }) => permissionSetOf(name) ?? [])
  const names = new Set([...(asked?.names ?? []), ...holding])
  return names.size === 0 ? asked : { required: asked?.required ?? false, names }
}
