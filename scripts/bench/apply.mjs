import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { program, row, run, writeGrants } from './measure.mjs'
import { sandboxEnv } from './start.mjs'

/** How many aws commands are timed; the rest of the plan's operations are counted at their mean. */
const sample = 8

/** Applying 200 grants, against the aws command run once for each write operation on the same server. */
export async function benchApply(folder) {
  const file = join(folder, 'apply.yaml')
  writeGrants(file, 200)
  const state = join(folder, 'apply.json')
  const server = spawn(process.execPath, [program, 'sandbox', 'serve', '--empty', '--state', state])
  try {
    const [line] = await once(server.stdout, 'data')
    const env = sandboxEnv(String(line).trim())
    const options = { cwd: folder, env: { ...env, XDG_STATE_HOME: folder } }
    const hasAws = await run('aws', ['--version'], options).then(
      () => true,
      () => false,
    )
    for (let index = 0; index < 200; index += 1) await createUser(env.AWS_ENDPOINT_URL, `user-${index}`)
    const planned = await run(process.execPath, [program, 'plan', '-f', file, '--json'], options)
    const operations = JSON.parse(planned.out).operations.length
    const applied = await run(
      process.execPath,
      [program, 'apply', '-f', file, '--confirm', '123456789012', '-q'],
      options,
    )
    let aws = 0
    for (let index = 0; hasAws && index < sample; index += 1) {
      const args = ['iam', 'attach-user-policy', '--user-name', `user-${index}`, '--policy-arn']
      aws +=
        (await run('aws', [...args, 'arn:aws:iam::aws:policy/ReadOnlyAccess'], options)).milliseconds / sample
    }
    return [
      row(`apply 200 grants, ${operations} operations`, applied.milliseconds, 'ms'),
      row('the aws command, once for each of them', hasAws ? aws * operations : undefined, 'ms'),
      row(
        'apply against the aws command',
        hasAws ? (aws * operations) / applied.milliseconds : undefined,
        'x faster',
        50,
        {
          atLeast: true,
        },
      ),
    ]
  } finally {
    server.kill()
    await once(server, 'close')
  }
}

async function createUser(url, name) {
  const scope = '20260101/us-east-1/iam/aws4_request'
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `AWS4-HMAC-SHA256 Credential=sandbox/${scope}, SignedHeaders=host, Signature=0`,
    },
    body: new URLSearchParams({ Action: 'CreateUser', Version: '2010-05-08', UserName: name }),
  })
  if (!answer.ok) throw new Error(`the sandbox refused a user: ${await answer.text()}`)
}
