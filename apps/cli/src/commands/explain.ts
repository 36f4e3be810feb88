import { type Explanation, explain } from '@mlflow-iam/core/evaluate/explain'
import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import { exitCodes } from '@mlflow-iam/core/problem'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { openAccount } from '../account/open-account.ts'
import { readGrants } from '../files/read-grants.ts'
import { renderExplanation } from '../output/explanation.ts'
import { namedSets } from '../output/names.ts'
import { wrapText } from '../output/table.ts'
import { warnUnknown } from '../output/warn-unknown.ts'
import type { Call, Command } from './command.ts'
import { findPrincipals, findServers, serversElsewhere } from './select-access.ts'
import { usageProblem } from './usage-problem.ts'

/** `explain`: what a query needs is answered at once; who has it only where an account or snapshot is named. */
export const run: Command = async (call) => {
  const { arguments: queries, io } = call
  if (queries.length === 0) {
    throw usageProblem(
      'What should be explained?',
      'It takes an action, an MLflow function, or an AccessDenied message.',
      'For example: mlflow-iam explain mlflow.log_model',
    )
  }
  const alone = { now: new Date() }
  // A query that is not known is said before an account is read.
  const asked = queries.map((query) => explain(query, undefined, alone))
  const file = call.flags.file === undefined ? undefined : readGrants(call.flags.file)
  const snapshot = wantsAccount(call) ? await observe(call, file) : undefined
  const answers = snapshot
    ? queries.map((query) => explain(query, snapshot, optionsOf(call, snapshot, file)))
    : asked
  for (const [index, answer] of answers.entries()) {
    io.out(
      io.json
        ? json(answer)
        : `${index > 0 ? '\n' : ''}${renderExplanation(answer, io, snapshot && namedSets(snapshot))}`,
    )
  }
  if (!snapshot && !io.json) io.note(`\n${wrapText(notLooked, io.width).join('\n')}`)
  return exitCodes.done
}

const notLooked =
  'No account was looked at. With --server, --principal, --profile or --sandbox it also says who has it, and why.'

const accountFlags = [
  'sandbox',
  'snapshot',
  'offline',
  'profile',
  'endpoint-url',
  'principal',
  'server',
  'file',
] as const

/** Offline, only a file says what the account holds; without one nobody holds anything that is known. */
function wantsAccount({ flags }: Call): boolean {
  if (flags.offline && flags.file === undefined) return false
  return accountFlags.some((name) => flags[name] !== undefined)
}

async function observe({ flags, io }: Call, file: GrantsFile | undefined): Promise<Snapshot> {
  const account = openAccount(flags)
  try {
    const snapshot = await account.observe(flags.offline && file ? { file } : {})
    warnUnknown(snapshot, io)
    return snapshot
  } finally {
    account.close()
  }
}

function optionsOf({ flags }: Call, snapshot: Snapshot, file: GrantsFile | undefined) {
  const principals = findPrincipals(snapshot, flags.principal)
  const elsewhere = serversElsewhere(file, snapshot.account, flags.server)
  const servers = findServers(snapshot, flags.server, elsewhere)
  return {
    now: new Date(snapshot.takenAt),
    ...(principals === undefined ? {} : { principals }),
    ...(servers === undefined ? {} : { servers }),
    ...(elsewhere.length === 0 ? {} : { elsewhere }),
  }
}

function json({ query, kind, needs, holders, grant, denial }: Explanation): string {
  return JSON.stringify({ version: 1, query, kind, needs, holders, grant, ...(denial ? { denial } : {}) })
}
