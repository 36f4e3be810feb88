import { exitCodes } from '@mlflow-iam/core/problem'
import { openAccount } from '../account/open-account.ts'
import { readGrants } from '../files/read-grants.ts'
import { renderExplanation } from '../output/explanation.ts'
import { warnUnknown } from '../output/warn-unknown.ts'
import type { Command } from './command.ts'
import { answerQuery, type Explanation } from './explain-query.ts'
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
  let answers: readonly Explanation[] = asked
  if (wantsAccount) {
    const account = openAccount(flags)
    try {
      const file = flags.file === undefined ? undefined : readGrants(flags.file)
      const snapshot = await account.observe(flags.offline && file ? { file } : {})
      warnUnknown(snapshot, io)
      answers = asked.map((answer) => ({ ...answer, holders: findHolders(answer, snapshot, flags) }))
    } finally {
      account.close()
    }
  }
  for (const [index, answer] of answers.entries()) {
    if (io.json) io.out(JSON.stringify({ version: 1, ...answer }))
    else io.out(`${index > 0 ? '\n' : ''}${renderExplanation(answer, io, wantsAccount)}`)
  }
  return exitCodes.done
}
