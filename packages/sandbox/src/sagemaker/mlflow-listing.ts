import { moment, oneOf } from '../wire/rules.ts'
import { mlflowVersion, paging } from './members.ts'

/** What both kinds of MLflow servers are listed by. */
export const listingMembers = {
  CreatedAfter: moment(),
  CreatedBefore: moment(),
  MlflowVersion: mlflowVersion,
  SortBy: oneOf('Name', 'CreationTime', 'Status'),
  SortOrder: oneOf('Ascending', 'Descending'),
  ...paging,
}

interface Listing {
  readonly CreatedAfter?: Date | undefined
  readonly CreatedBefore?: Date | undefined
  readonly MlflowVersion?: string | undefined
  readonly SortBy?: 'Name' | 'CreationTime' | 'Status' | undefined
  readonly SortOrder?: 'Ascending' | 'Descending' | undefined
}

interface Listed<Status extends string> {
  readonly name: string
  readonly region: string
  readonly createdAt: string
  readonly mlflowVersion: string
  readonly status: Status
  readonly transition?: { readonly status: Status }
}

/** The rows of a Region that a listing asks for, in its order; the newest first unless it says otherwise. */
export function listMlflow<Row extends Listed<string>>(
  rows: readonly Row[],
  region: string,
  input: Listing,
  idOf: (row: Row) => string,
): readonly Row[] {
  const sortBy = input.SortBy ?? 'CreationTime'
  const sortKey = (row: Row) =>
    ({ Name: row.name, CreationTime: row.createdAt, Status: statusOf(row) })[sortBy]
  const found = rows
    .filter((row) => row.region === region)
    .filter((row) => input.MlflowVersion === undefined || row.mlflowVersion === input.MlflowVersion)
    .filter((row) => input.CreatedAfter === undefined || new Date(row.createdAt) > input.CreatedAfter)
    .filter((row) => input.CreatedBefore === undefined || new Date(row.createdAt) < input.CreatedBefore)
    .sort((a, b) => sortKey(a).localeCompare(sortKey(b)) || idOf(a).localeCompare(idOf(b)))
  return input.SortOrder === 'Ascending' ? found : found.reverse()
}

/** The status that people see: while something happens, the name of that. */
export function statusOf<Status extends string>(row: {
  readonly status: Status
  readonly transition?: { readonly status: Status }
}): Status {
  return row.transition?.status ?? row.status
}
