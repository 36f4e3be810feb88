import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import { routeAccounts } from '@mlflow-iam/sandbox/route-accounts'
import { serveSandbox } from '@mlflow-iam/sandbox/serve'
import { openSandboxes, resetSandbox, sandboxPath } from '../account/open-sandbox.ts'
import type { Command } from './command.ts'
import { usageProblem } from './usage-problem.ts'

/** `sandbox serve` puts the embedded account on a loopback port; `sandbox reset` puts it back as it was. */
export const run: Command = async ({ arguments: [word], flags, io }) => {
  const path = flags.state ?? sandboxPath()
  const empty = flags.empty ?? false
  switch (word) {
    case 'reset':
      await resetSandbox(path, empty, flags.profile)
      if (io.json) io.out(JSON.stringify({ version: 1, state: path, empty }))
      else io.note(`The sandbox is ${empty ? 'empty' : 'as it was at first'}: ${path}`)
      return exitCodes.done
    case 'serve':
      if (empty) await resetSandbox(path, true)
      await serve(path, portOf(flags.port), io)
      return exitCodes.done
    default:
      throw usageProblem(
        word === undefined ? 'What should the sandbox do?' : `The sandbox cannot ${JSON.stringify(word)}.`,
        'It takes serve or reset.',
        'For example: mlflow-iam sandbox serve',
      )
  }
}

function portOf(text: string | undefined): number {
  if (text === undefined) return 0
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw usageProblem(
    `--port ${JSON.stringify(text)} is no port.`,
    'Ports are numbers from 0 to 65535.',
    'Leave it out for a free one.',
  )
}

/** Listens until it is interrupted. The URL is the one line on standard output, so scripts can read it. */
async function serve(path: string, port: number, io: Parameters<Command>[0]['io']): Promise<void> {
  const sandbox = routeAccounts(await openSandboxes(path))
  const served = await serveSandbox(sandbox, { port }).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    throw new Problem('PORT_TAKEN', `Cannot listen on port ${port}.`, {
      why: code === 'EACCES' ? 'Ports below 1024 need more rights.' : 'Another program listens there.',
      fix: ['Choose another, or leave --port out for a free one.'],
      exit: exitCodes.badInput,
    })
  })
  io.out(io.json ? JSON.stringify({ version: 1, url: served.url, account: '123456789012' }) : served.url)
  io.note(`The sandbox answers there until Ctrl-C. Any credentials will do (the access key prod is another account, 210987654321):
  export AWS_ENDPOINT_URL=${served.url} AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox AWS_DEFAULT_REGION=eu-west-1
  aws iam list-users`)
  await new Promise<void>((resolve) => {
    process.removeAllListeners('SIGINT')
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  await served.close()
}
