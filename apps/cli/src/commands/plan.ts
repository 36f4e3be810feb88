import { quoteForShell } from '@mlflow-iam/core/export/shell-quote'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { Evidence } from '@mlflow-iam/core/plan/plan-unused'
import type { Account } from '../account/account.ts'
import { namedAccounts } from '../account/named-accounts.ts'
import { openAccount } from '../account/open-account.ts'
import { readGrants } from '../files/read-grants.ts'
import { checkWritable, writeOutput } from '../files/write-output.ts'
import { asTyped } from '../output/as-typed.ts'
import { renderRights } from '../output/caller-rights.ts'
import type { Io } from '../output/io.ts'
import { warnUnknown } from '../output/warn-unknown.ts'
import type { Command } from './command.ts'
import type { FlagValues } from './flags.ts'
import { planFile } from './plan-file.ts'
import { exitOf, renderView } from './plan-view.ts'
import { planSeveral } from './several/plan-several.ts'
import { sinceDate } from './since-date.ts'
import { typedFile } from './typed-source.ts'
import { usageProblem } from './usage-problem.ts'

/** `plan`: what would change. Reads only. */
export const run: Command = async (call) => {
  const { flags, io } = call
  const file = readGrants(flags.file)
  const named = namedAccounts(flags, file)
  if (named) return planSeveral(named, file, call, await readEvidence(flags, io))
  const force = flags.force ?? false
  const toFile = flags.output !== undefined && flags.output !== '-'
  if (toFile && flags.output !== undefined) checkWritable(flags.output, { force })
  const account = openAccount(flags)
  try {
    const evidence = await readEvidence(flags, io)
    const { plan, snapshot } = await planFile(file, account, flags, { evidence })
    warnUnknown(snapshot, io)
    if (toFile && flags.output !== undefined) {
      writeOutput(flags.output, `${JSON.stringify(plan, null, 2)}\n`, { force })
      io.note(`Wrote ${flags.output}.`)
    }
    const view =
      flags.output === '-' || (io.json && flags.show === undefined) ? 'json' : (flags.show ?? 'summary')
    io.out(renderView(view, plan, snapshot, io))
    if (view === 'summary') {
      const source = [whatOf(flags), account.shellFlags].filter(Boolean).join(' ')
      const rights = renderRights(plan, snapshot, source)
      // What is certainly refused has another next step, which the line on rights names.
      const lines = [rights, rights.startsWith('You lack') ? '' : nextStep(plan, source, account)]
      for (const line of lines) if (line !== '') io.note(`\n${asTyped(line)}`)
    }
    return exitOf(plan, flags)
  } finally {
    account.close()
  }
}

/** What CloudTrail files show of the calls that were made, where `--unused` names some. */
async function readEvidence(flags: FlagValues, io: Io): Promise<Evidence | undefined> {
  if (flags.unused === undefined) {
    if (flags.since === undefined) return undefined
    throw usageProblem('--since stands alone.', 'It says from when records count.', 'Add --unused FILE.')
  }
  const since = flags.since === undefined ? undefined : sinceDate(flags.since)
  const { readTrails } = await import('../files/read-trails.ts')
  const { trailLimits } = await import('@mlflow-iam/core/suggest/find-unused')
  const usage = await readTrails(flags.unused)
  io.note(trailLimits)
  return { usage, ...(since === undefined ? {} : { since }) }
}

function nextStep(plan: Plan, source: string, account: Account): string {
  if (plan.operations.length === 0 || account.kind === 'offline' || account.kind === 'snapshot') return ''
  return `Carry it out: mlflow-iam apply ${source}`
}

/** What to apply or export: the plan that was saved, else the grants file. */
function whatOf(flags: FlagValues): string {
  const { output } = flags
  return output === undefined || output === '-' ? typedFile(flags) : quoteForShell(output)
}
