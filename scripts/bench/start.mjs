import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { medians, program, row, run, writeGrants } from './measure.mjs'

/** From pressing Enter to the prompt being back. */
export async function benchStart(folder) {
  const few = join(folder, 'few.yaml')
  const many = join(folder, 'many.yaml')
  writeGrants(few, 5)
  writeGrants(many, 200)
  const node = process.execPath
  const found = await medians(
    {
      bare: [node, '-e', '0'],
      help: [node, program, '--help'],
      version: [node, program, '--version'],
      check: [node, program, 'check', '-f', few],
      plan: [node, program, 'plan', '-f', many, '--offline', '--json'],
    },
    { cwd: folder },
  )
  const ratio = (name) => found[name] / found.bare
  return [
    row('node -e 0', found.bare, 'ms'),
    row('mlflow-iam --help', ratio('help'), 'x bare node', 1.3),
    row('mlflow-iam --version', ratio('version'), 'x bare node', 1.3),
    row('mlflow-iam check, 5 grants', ratio('check'), 'x bare node', 1.3),
    row('mlflow-iam plan --offline, 200 grants', ratio('plan'), 'x bare node', 2),
    ...(await withCalls(folder)),
  ]
}

/** Commands that make one call, and that read a whole account, against the aws command making one call to the same server. */
async function withCalls(folder) {
  const server = spawn(process.execPath, [
    program,
    'sandbox',
    'serve',
    '--empty',
    '--state',
    join(folder, 'calls.json'),
  ])
  try {
    const [line] = await once(server.stdout, 'data')
    const url = String(line).trim()
    const env = sandboxEnv(url)
    const hasAws = await run('aws', ['--version'], { cwd: folder }).then(
      () => true,
      () => false,
    )
    const other = join(folder, 'other.yaml')
    writeGrants(other, 5, { account: '210987654321' })
    const endpoint = ['--endpoint-url', url]
    const commands = {
      ...(hasAws ? { aws: { command: ['aws', 'iam', 'list-users'] } } : {}),
      // Another account than the file's is told from one call, who is signed in, and ends with exit 3.
      one: { command: [process.execPath, program, 'plan', '-f', other, ...endpoint], exit: 3 },
      whole: { command: [process.execPath, program, 'explain', 'LogMetric', ...endpoint] },
    }
    const found = await medians(commands, { rounds: 9, cwd: folder, env })
    const against = (name) => (hasAws ? found[name] / found.aws : undefined)
    return [
      row('one AWS call, against aws iam list-users', against('one'), 'x aws', 0.25),
      row('reading an account (8 calls), against the same', against('whole'), 'x aws'),
    ]
  } finally {
    server.kill()
    await once(server, 'close')
  }
}

/** Settings that make the AWS CLI and the program speak to a sandbox. */
export function sandboxEnv(url) {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'sandbox',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}
