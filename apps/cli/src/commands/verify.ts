import type { AccessRow } from '@mlflow-iam/core/evaluate/access'
import { type Comparison, compareAccess } from '@mlflow-iam/core/evaluate/compare-access'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { exitCodes } from '@mlflow-iam/core/problem'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Account } from '../account/account.ts'
import { openAccount } from '../account/open-account.ts'
import { checkWritable } from '../files/write-output.ts'
import { renderAccessCsv } from '../output/access-csv.ts'
import { verifyObject } from '../output/access-json.ts'
import { renderAccessJunit } from '../output/access-junit.ts'
import { renderServersMatrix } from '../output/access-matrix.ts'
import { renderDifferences } from '../output/differences.ts'
import { emit } from '../output/emit.ts'
import { warnUnknown } from '../output/warn-unknown.ts'
import type { Call, Command } from './command.ts'
import { readDuration } from './duration.ts'
import { findPlanSource, openPlanSource } from './plan-source.ts'

/** `verify`: does the account give exactly this access? Exit 9 where it does not. */
export const run: Command = async (call) => {
  const { flags, io } = call
  const source = findPlanSource(call)
  const patience = readDuration('--wait', flags.wait) ?? 0
  const format = io.json ? 'json' : (flags.format ?? 'table')
  if (flags.output !== undefined && flags.output !== '-')
    checkWritable(flags.output, { force: flags.force ?? false })
  const account = openAccount(flags)
  try {
    const until = Date.now() + patience
    for (;;) {
      const { plan, snapshot } = await openPlanSource(source, account, flags)
      const comparison = await compare(plan, snapshot, account, call)
      if (comparison.ok || Date.now() >= until) {
        warnUnknown(snapshot, io)
        await emit(flags, io, () => render(format, plan, snapshot, comparison, call))
        return comparison.ok ? exitCodes.done : exitCodes.differences
      }
      io.note(`Not yet as described; asking again for ${Math.ceil((until - Date.now()) / 1000)} seconds.`)
      await new Promise((resolve) => setTimeout(resolve, Math.min(2000, Math.max(50, until - Date.now()))))
    }
  } finally {
    account.close()
  }
}

/** Decides from what was read, or lets IAM's own simulator decide. */
async function compare(
  plan: Plan,
  snapshot: Snapshot,
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

async function render(
  format: string,
  plan: Plan,
  snapshot: Snapshot,
  comparison: Comparison,
  { flags, io }: Call,
): Promise<string> {
  const { ok, access, differences } = comparison
  switch (format) {
    case 'json':
      return JSON.stringify(
        verifyObject(ok, access, differences, flags.method ?? 'read'),
        null,
        io.json ? 0 : 2,
      )
    case 'junit':
      return renderAccessJunit(access, differences, plan.name)
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
      return `${renderServersMatrix(rows, { width: io.width, principals })}\n\n${renderDifferences(differences, principals, io)}`
    }
  }
}

/** Nothing at all is not told, nor AccessUI alone on a server whose principal has more elsewhere: it is account-wide. */
function isTelling({ principal, allowed, denied, depends }: AccessRow, rows: readonly AccessRow[]): boolean {
  const actions = [...allowed, ...depends.map(({ action }) => action)]
  if (actions.length !== 1 || actions[0] !== 'AccessUI') return actions.length + denied.length > 0
  return rows.every((row) => row.principal !== principal || row.allowed.length + row.depends.length <= 1)
}
