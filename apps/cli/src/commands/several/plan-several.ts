import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import type { Evidence } from '@mlflow-iam/core/plan/plan-unused'
import type { NamedAccount } from '../../account/named-accounts.ts'
import { writeFolder } from '../../files/write-folder.ts'
import { renderAccountsTable } from '../../output/accounts-table.ts'
import { asTyped } from '../../output/as-typed.ts'
import { renderRights } from '../../output/caller-rights.ts'
import { count } from '../../output/count.ts'
import type { Io } from '../../output/io.ts'
import { warnUnknown } from '../../output/warn-unknown.ts'
import type { Call } from '../command.ts'
import type { FlagValues } from '../flags.ts'
import { type Planned, planFile } from '../plan-file.ts'
import { exitOf, renderView } from '../plan-view.ts'
import { usageProblem } from '../usage-problem.ts'
import {
  accountWords,
  exitOfSeveral,
  exitsOf,
  ioOf,
  openSeveral,
  pointToStackSets,
  tellProblems,
  type Visit,
  visitObjects,
} from './accounts.ts'
import { sourceOf } from './source-of.ts'

/** `plan` of several accounts: one line each, and with `--show` that view of each under its name. */
export async function planSeveral(
  named: readonly NamedAccount[],
  file: GrantsFile,
  call: Call,
  evidence: Evidence | undefined,
): Promise<number> {
  const { flags, io } = call
  const folder = flags.output === '-' ? undefined : folderOf(flags, 'plans')
  const several = await openSeveral(named, call, file)
  try {
    const visits = await several.visit(async ({ account, named: { profile }, file: own = file }) =>
      planFile(own, account, flags, { evidence, profile }),
    )
    for (const visit of visits) if (visit.result) warnUnknown(visit.result.snapshot, ioOf(visit, io))
    if (folder !== undefined) writePlans(folder, visits, flags, io)
    print(visits, call)
    tellProblems(visits, io)
    pointToStackSets(named, call)
    return exitOfSeveral(exitsOf(visits, ({ plan }) => exitOf(plan, flags)))
  } finally {
    several.close()
  }
}

function print(visits: readonly Visit<Planned>[], { flags, io }: Call): void {
  const { show, output } = flags
  if (output === '-' || (io.json && show === undefined) || show === 'json') {
    const accounts = visitObjects(visits, ({ plan }) => ({ plan }))
    io.out(JSON.stringify({ version: 1, accounts }, null, io.json ? 0 : 2))
    return
  }
  io.out(renderPlansTable(visits, io))
  for (const visit of visits) {
    if (!visit.result) continue
    const { plan, snapshot } = visit.result
    if (show !== undefined) {
      const heading = accountWords({ ...visit, ...aliasOf(visit) })
      io.out(`\n${io.paint.strong(heading)}\n\n${renderView(show, plan, snapshot, io)}`)
    }
    const rights = renderRights(plan, snapshot, sourceOf(flags, visit.profile))
    // What may be done needs no line for each account; what may not must be seen.
    if (rights.startsWith('You lack')) ioOf(visit, io).note(rights)
  }
  const changes = visits.some(({ result }) => (result?.plan.operations.length ?? 0) > 0)
  const canApply = !flags.offline && flags.snapshot === undefined && visits.every(({ result }) => result)
  if (changes && canApply && show === undefined && output === undefined)
    io.note(asTyped(`\nCarry it out: mlflow-iam apply ${sourceOf(flags, ...(flags.profile ?? []))}`))
}

/** The table of plans, on its own: `apply` shows it before it asks. */
export function renderPlansTable(visits: readonly Visit<Planned>[], { width }: Pick<Io, 'width'>): string {
  const lines = visits.map((visit) => ({
    ...visit,
    ...aliasOf(visit),
    ...(visit.result ? { plan: visit.result.plan } : {}),
  }))
  return renderAccountsTable(lines, width)
}

/** The alias of an account that was read, where it has one. */
export function aliasOf(visit: Visit<Pick<Planned, 'snapshot'>>): { readonly alias?: string } {
  const alias = visit.result?.snapshot.alias
  return alias === undefined ? {} : { alias }
}

function writePlans(
  folder: string,
  visits: readonly Visit<Planned>[],
  { force = false }: FlagValues,
  io: Io,
): void {
  const files = visits.flatMap(({ result, account }) =>
    result
      ? [
          {
            path: `${account}.plan.json`,
            text: `${JSON.stringify(result.plan, null, 2)}\n`,
            executable: false,
          },
        ]
      : [],
  )
  if (files.length === 0) return
  writeFolder(folder, files, { force })
  io.note(`Wrote ${count(files.length, 'plan')}: ${files.map(({ path }) => join(folder, path)).join(', ')}.`)
}

/**
 * With several accounts `-o` names a folder, with a file for each account in it. What looks like a file's name, or
 * is a file, is exit 3 before anything is read.
 */
export function folderOf({ output }: Pick<FlagValues, 'output'>, example: string): string | undefined {
  if (output === undefined) return undefined
  const isFile = existsSync(output) && !statSync(output).isDirectory()
  if (!isFile && !/\.(?:json|csv|xml|html|ya?ml)$/i.test(output)) return output
  throw usageProblem(
    `-o ${output} names a file, and there are several accounts.`,
    'Each account gets a file of its own, in one folder.',
    `Give a folder, for example -o ${example}, or one account: --profile NAME`,
  )
}
