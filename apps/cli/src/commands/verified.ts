import type { AccessRow } from '@mlflow-iam/core/evaluate/access'
import { type Comparison, compareAccess } from '@mlflow-iam/core/evaluate/compare-access'
import { exitCodes } from '@mlflow-iam/core/problem'
import type { Account } from '../account/account.ts'
import { renderAccessCsv } from '../output/access-csv.ts'
import { verifyObject } from '../output/access-json.ts'
import { renderAccessJunit } from '../output/access-junit.ts'
import { renderServersMatrix } from '../output/access-matrix.ts'
import { renderDifferences } from '../output/differences.ts'
import type { Call } from './command.ts'
import { readDuration } from './duration.ts'
import type { Planned } from './plan-file.ts'

export interface Verified extends Planned {
  readonly comparison: Comparison
}

/** Milliseconds of `--wait`. */
export function patienceOf({ flags }: Pick<Call, 'flags'>): number {
  return readDuration('--wait', flags.wait) ?? 0
}

/** Compares, and with `--wait` asks again until the account is as described or the time is over. */
export async function verifyPatiently(
  read: () => Promise<Planned>,
  account: Account,
  call: Call,
): Promise<Verified> {
  const until = Date.now() + patienceOf(call)
  for (;;) {
    const planned = await read()
    const comparison = await compare(planned, account, call)
    const left = until - Date.now()
    // What could not be read will not be known by waiting.
    if (comparison.ok || comparison.differences.length === 0 || left <= 0) return { ...planned, comparison }
    call.io.note(`Not yet as described; asking again for ${Math.ceil(left / 1000)} seconds.`)
    await new Promise((resolve) => setTimeout(resolve, Math.min(2000, Math.max(50, left))))
  }
}

/** Decides from what was read, or lets IAM's own simulator decide. */
async function compare(
  { plan, snapshot }: Planned,
  account: Account,
  { flags, io }: Call,
): Promise<Comparison> {
  const options = { name: plan.name, now: new Date(), strict: flags.strict ?? false }
  if (flags.method !== 'simulate')
    return compareAccess(plan.target, snapshot, { ...options, prune: plan.prune })
  const [connection, { simulatePrincipals }] = await Promise.all([
    account.connection(),
    import('../account/simulating.ts'),
  ])
  const { notes, ...comparison } = await simulatePrincipals(connection, plan.target, snapshot, options)
  for (const note of notes) io.note(`note: ${note}`)
  return comparison
}

/** Exit 9 where the account differs, and 6 where policies that decide it could not be read. */
export function exitOf({ ok, differences }: Comparison): number {
  if (ok) return exitCodes.done
  return differences.length > 0 ? exitCodes.differences : exitCodes.accessDenied
}

/** What was found, in the format that was asked for. */
export async function renderVerified(
  format: string,
  { plan, snapshot, comparison }: Verified,
  { flags, io }: Call,
): Promise<string> {
  const { ok, access, differences, unknown } = comparison
  switch (format) {
    case 'json':
      return JSON.stringify(
        verifyObject(ok, access, differences, flags.method ?? 'read', unknown),
        null,
        io.json ? 0 : 2,
      )
    case 'junit':
      return renderAccessJunit(access, differences, plan.name, unknown)
    case 'csv':
      return renderAccessCsv(access)
    case 'html':
      return (await import('../output/access-html.ts')).renderVerifyHtml(plan, snapshot, comparison, {
        strict: flags.strict ?? false,
        method: flags.method === 'simulate' ? 'simulate' : 'read',
      })
    default: {
      const { principals } = plan.target
      const rows = access.filter((row) => isTelling(row, access))
      return `${renderServersMatrix(rows, { width: io.width, ascii: io.ascii, principals })}\n\n${renderDifferences(differences, principals, io, unknown)}`
    }
  }
}

/** Nothing at all is not told, nor AccessUI alone on a server whose principal has more elsewhere: it is account-wide. */
function isTelling(
  { principal, allowed, denied, depends, decidedIn }: AccessRow,
  rows: readonly AccessRow[],
): boolean {
  if (decidedIn !== undefined) return true
  const actions = [...allowed, ...depends.map(({ action }) => action)]
  if (actions.length !== 1 || actions[0] !== 'AccessUI') return actions.length + denied.length > 0
  return rows.every((row) => row.principal !== principal || row.allowed.length + row.depends.length <= 1)
}
