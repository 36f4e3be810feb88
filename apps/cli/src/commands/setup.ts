import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import { version } from '../version.ts'
import type { Command } from './command.ts'

/** `setup`, and `mlflow-iam` alone: the wizard. Without a terminal it says what to do instead: exit 4. */
export const run: Command = async ({ flags, io }) => {
  if (!io.canAsk) throw noTerminal(flags['no-input'] ?? false)
  const [{ runWizard }, { liveAccount }] = await Promise.all([
    import('../wizard/run-wizard.tsx'),
    import('../wizard/live-account.ts'),
  ])
  return runWizard({
    account: liveAccount(flags, process.env),
    flags: {
      ...(flags.resume === undefined ? {} : { resume: flags.resume }),
      ...(flags.file === undefined ? {} : { file: flags.file }),
      ascii: io.ascii,
      plain: flags.plain ?? false,
      color: io.paint.dim('x') !== 'x',
    },
    io: { stdin: process.stdin, stdout: process.stdout, env: process.env },
    toolVersion: version,
  })
}

function noTerminal(noInput: boolean): Problem {
  const what = noInput
    ? 'mlflow-iam asks questions in the wizard, and --no-input forbids them.'
    : 'mlflow-iam needs a terminal for the wizard, and standard input or output is not one.'
  return new Problem('NO_TERMINAL', what, {
    why: noInput
      ? 'The wizard cannot go on without answers.'
      : 'A pipe, a CI job, or a container started without -t.',
    fix: ['mlflow-iam plan -f grants.yaml     (mlflow-iam plan --help)'],
    exit: exitCodes.needsAnswer,
  })
}
