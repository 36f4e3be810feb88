import type { AccessDifference, AccessRow, UnknownAccess } from '@mlflow-iam/core/evaluate/access'

/** The `access` rows of `show` and `verify`, as the contract names their members. */
export function accessObjects(rows: readonly AccessRow[]): readonly object[] {
  return rows.map(({ principal, server, allowed, denied, depends, elsewhere, decidedIn }) => ({
    principal,
    server,
    allowed,
    denied,
    ...(depends.length > 0 ? { depends } : {}),
    elsewhere: elsewhere.map(({ policy, actions }) => ({ policy, actions })),
    ...(decidedIn === undefined ? {} : { decidedIn }),
  }))
}

/** What `show --json` prints. */
export function showObject(rows: readonly AccessRow[]): object {
  return { version: 1, access: accessObjects(rows) }
}

/** What `verify --json` prints. */
export function verifyObject(
  ok: boolean,
  rows: readonly AccessRow[],
  differences: readonly AccessDifference[],
  method: string,
  unknown: readonly UnknownAccess[] = [],
): object {
  const open = unknown.length > 0 ? { unknown } : {}
  return { version: 1, ok, method, access: accessObjects(rows), differences, ...open }
}
