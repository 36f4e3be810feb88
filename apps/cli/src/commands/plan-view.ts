import { evaluateAccess } from '@mlflow-iam/core/evaluate/evaluate-access'
import { renderCommands } from '@mlflow-iam/core/export/render-commands'
import type { FindingLevel, Plan } from '@mlflow-iam/core/plan/plan'
import { projectPlan } from '@mlflow-iam/core/plan/project-plan'
import { type ExitCode, exitCodes } from '@mlflow-iam/core/problem'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Io } from '../output/io.ts'
import { namedSets } from '../output/names.ts'
import { renderPlanDiff } from '../output/plan-diff.ts'
import { renderPlanRisk, renderPlanSummary } from '../output/plan-summary.ts'
import type { FlagValues } from './flags.ts'

/** One view of a plan, as `--show` names it. */
export function renderView(view: string, plan: Plan, snapshot: Snapshot, io: Io): string {
  switch (view) {
    case 'json':
      return JSON.stringify(plan, null, io.json ? 0 : 2)
    case 'commands':
      return renderCommands(plan)
    case 'risk':
      return renderPlanRisk(plan, { ...io, named: namedSets(snapshot) })
    case 'diff': {
      const [before, after] = accessAround(plan, snapshot)
      return renderPlanDiff(plan, before, after, io)
    }
    default: {
      return renderPlanSummary(plan, {
        ...{ ...io, named: namedSets(snapshot) },
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

const levels: Readonly<Record<FindingLevel, number>> = { low: 0, review: 1, high: 2 }

/** 10 at or over `--fail-on`, 2 for changes where `--detailed-exitcode` asks, else 0. */
export function exitOf(plan: Plan, flags: FlagValues): ExitCode {
  const limit = flags['fail-on']
  if (limit === 'review' || limit === 'high') {
    if (plan.findings.some(({ level }) => levels[level] >= levels[limit])) return exitCodes.overLevel
  }
  return flags['detailed-exitcode'] && plan.operations.length > 0 ? exitCodes.changes : exitCodes.done
}
