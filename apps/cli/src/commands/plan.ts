import { evaluateAccess } from '@mlflow-iam/core/evaluate/evaluate-access'
import { renderCommands } from '@mlflow-iam/core/export/render-commands'
import type { FindingLevel, Plan } from '@mlflow-iam/core/plan/plan'
import type { Evidence } from '@mlflow-iam/core/plan/plan-unused'
import { projectPlan } from '@mlflow-iam/core/plan/project-plan'
import { type ExitCode, exitCodes } from '@mlflow-iam/core/problem'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Account } from '../account/account.ts'
import { openAccount } from '../account/open-account.ts'
import { readGrants } from '../files/read-grants.ts'
import { checkWritable, writeOutput } from '../files/write-output.ts'
import type { Io } from '../output/io.ts'
import { renderPlanDiff } from '../output/plan-diff.ts'
import { renderPlanRisk, renderPlanSummary } from '../output/plan-summary.ts'
import { warnUnknown } from '../output/warn-unknown.ts'
import type { Command } from './command.ts'
import type { FlagValues } from './flags.ts'
import { planFile } from './plan-file.ts'
import { sinceDate } from './since-date.ts'
import { usageProblem } from './usage-problem.ts'

/** `plan`: what would change. Reads only. */
export const run: Command = async ({ flags, io }) => {
  const file = readGrants(flags.file)
  const force = flags.force ?? false
  const toFile = flags.output !== undefined && flags.output !== '-'
  if (toFile && flags.output !== undefined) checkWritable(flags.output, { force })
  const account = openAccount(flags)
  try {
    const { plan, snapshot } = await planFile(file, account, flags, await readEvidence(flags, io))
    warnUnknown(snapshot, io)
    if (toFile && flags.output !== undefined) {
      writeOutput(flags.output, `${JSON.stringify(plan, null, 2)}\n`, { force })
      io.note(`Wrote ${flags.output}.`)
    }
    const view =
      flags.output === '-' || (io.json && flags.show === undefined) ? 'json' : (flags.show ?? 'summary')
    io.out(renderView(view, plan, snapshot, io))
    if (view === 'summary') io.note(nextStep(plan, flags, account))
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

function renderView(view: string, plan: Plan, snapshot: Snapshot, io: Io): string {
  switch (view) {
    case 'json':
      return JSON.stringify(plan, null, io.json ? 0 : 2)
    case 'commands':
      return renderCommands(plan)
    case 'risk':
      return renderPlanRisk(plan, io)
    case 'diff': {
      const [before, after] = accessAround(plan, snapshot)
      return renderPlanDiff(plan, before, after, io)
    }
    default: {
      return renderPlanSummary(plan, {
        ...io,
        ...(snapshot.alias === undefined ? {} : { alias: snapshot.alias }),
      })
    }
  }
}

/** What the principals that the plan touches can do before and after it. */
function accessAround(plan: Plan, snapshot: Snapshot) {
  const now = new Date(snapshot.takenAt)
  const named = plan.target.principals.map(({ arn, actsAs }) => actsAs ?? arn)
  const touched = plan.operations.flatMap(({ principal }) => (principal === undefined ? [] : [principal]))
  const principals = [...new Set([...named, ...touched])].sort()
  const servers = [...new Set(plan.target.servers.flatMap(({ arns }) => arns))].sort()
  const options = { principals, servers, name: plan.name, now }
  return [
    evaluateAccess(snapshot, options),
    evaluateAccess(projectPlan(snapshot, plan.operations), options),
  ] as const
}

function nextStep(plan: Plan, flags: FlagValues, account: Account): string {
  if (plan.operations.length === 0 || account.kind === 'offline' || account.kind === 'snapshot') return ''
  const what = flags.output === undefined || flags.output === '-' ? `-f ${flags.file}` : flags.output
  return `\nCarry it out: mlflow-iam apply ${[what, account.shellFlags].filter(Boolean).join(' ')}`
}

const levels: Readonly<Record<FindingLevel, number>> = { low: 0, review: 1, high: 2 }

function exitOf(plan: Plan, flags: FlagValues): ExitCode {
  const limit = flags['fail-on']
  if (limit === 'review' || limit === 'high') {
    if (plan.findings.some(({ level }) => levels[level] >= levels[limit])) return exitCodes.overLevel
  }
  return flags['detailed-exitcode'] && plan.operations.length > 0 ? exitCodes.changes : exitCodes.done
}
