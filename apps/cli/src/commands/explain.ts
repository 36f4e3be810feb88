import { exitCodes } from '@mlflow-iam/core/problem'
import { openAccount } from '../account/open-account.ts'
import { readGrants } from '../files/read-grants.ts'
import { renderExplanation } from '../output/explanation.ts'
import { warnUnknown } from '../output/warn-unknown.ts'
import type { Command } from './command.ts'
import { answerQuery, type Explanation, type Holder, smallestGrant } from './explain-query.ts'
import { findHolders } from './find-holders.ts'
import { usageProblem } from './usage-problem.ts'

/** `explain`: what a query needs is answered at once; who has it only where an account, file or snapshot is named. */
export const run: Command = async ({ arguments: queries, flags, io }) => {
  if (queries.length === 0) {
    throw usageProblem(
      'What should be explained?',
      'It takes an action, an MLflow function, or an AccessDenied message.',
      'For example: mlflow-iam explain mlflow.log_model',
    )
  }
  const asked = queries.map((query) => answerQuery(query))
  const wantsAccount = (
    ['sandbox', 'snapshot', 'offline', 'profile', 'endpoint-url', 'principal', 'server', 'file'] as const
  ).some((name) => flags[name] !== undefined)
  let holdersOf = (_: Explanation): readonly Holder[] => []
  if (wantsAccount) {
    const account = openAccount(flags)
    try {
      const file = flags.file === undefined ? undefined : readGrants(flags.file)
      const snapshot = await account.observe(flags.offline && file ? { file } : {})
      warnUnknown(snapshot, io)
      holdersOf = (answer) => findHolders(answer, snapshot, flags)
    } finally {
      account.close()
    }
  }
  for (const [index, answer] of asked.entries()) {
    const { query, kind, needs } = answer
    const holders = holdersOf(answer)
    const grant = smallestGrant(answer, only(flags.principal), only(flags.server))
    if (io.json) io.out(JSON.stringify({ version: 1, query, kind, needs, holders, grant }))
    else
      io.out(
        `${index > 0 ? '\n' : ''}${renderExplanation({ query, kind, needs, grant, ...(wantsAccount ? { holders } : {}) }, io)}`,
      )
  }
  return exitCodes.done
}

/** The one that was named; several or none leave the place open. */
function only(words: readonly string[] | undefined): string | undefined {
  return words?.length === 1 ? words[0] : undefined
}
