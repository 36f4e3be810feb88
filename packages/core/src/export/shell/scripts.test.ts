import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { everyAction } from '../../../test/plans/every-action.ts'
import { planArbitrary } from '../../../test/plans/generate-plan.ts'
import { makePlan } from '../../../test/plans/make-plan.ts'
import { testWith } from '../../../test/tools/require-tool.ts'
import type { Plan } from '../../plan/plan.ts'
import { awsArguments } from '../aws-arguments.ts'
import { renderApplyScript, renderRollbackScript } from './render-scripts.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-scripts-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** An `aws` that knows the account, has never heard of anything else, and writes down the words it is given. */
const stub = `#!/bin/bash
printf '%s\\0' "$@" >>"$RECORD"; printf '\\n\\0' >>"$RECORD"
case "$2" in
  get-caller-identity) printf '123456789012\\tarn:aws:iam::123456789012:user/admin\\n' ;;
  list-policies) printf '%s' "$POLICIES" ;;
  get-role) echo 'An error occurred (NoSuchEntity) when calling the GetRole operation: none' >&2; exit 254 ;;
  describe-permission-set-provisioning-status) echo SUCCEEDED ;;
esac
`
writeFileSync(join(folder, 'aws'), stub, { mode: 0o755 })
writeFileSync(join(folder, 'sleep'), '#!/bin/bash\n', { mode: 0o755 })

function run(text: string, ...words: readonly string[]) {
  return runWith('', text, ...words)
}

/** The same in an account with these policies: lines of ARN, default version and attachments. */
function runWith(policies: string, text: string, ...words: readonly string[]) {
  const record = join(folder, 'record')
  writeFileSync(join(folder, 'script.sh'), text)
  writeFileSync(record, '')
  const env = {
    PATH: `${folder}:/usr/bin:/bin:/usr/local/bin`,
    RECORD: record,
    POLICIES: policies,
    TMPDIR: folder,
  } as NodeJS.ProcessEnv
  const { status, stdout, stderr } = spawnSync('bash', ['script.sh', ...words], {
    env,
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const calls = readFileSync(record, 'utf8')
    .split('\n\0')
    .filter((call) => call !== '')
    .map((call) => call.split('\0').slice(0, -1))
  return { status, stdout, stderr, calls }
}

const reads = /^(?:get|list|describe)-/
const writes = (calls: readonly (readonly string[])[]) =>
  calls.filter(([, command = '']) => !reads.test(command))

/** The words of a request as the AWS CLI gets them, with nothing of any shell in them. */
function wordsOf(plan: Plan): readonly (readonly string[])[] {
  return plan.operations.map((operation) => {
    const { service, command, options } = awsArguments(operation)
    const words = options.flatMap(({ flag, words }) => {
      const [only] = words
      return typeof only === 'string' && only.startsWith('-') ? [`${flag}=${only}`] : [flag, ...words]
    })
    return [service, command, ...words.map(String)]
  })
}

test('whatever names and documents hold, bash sends exactly the calls of the plan, in order', () => {
  fc.assert(
    fc.property(planArbitrary, (plan) => {
      const ended = run(renderApplyScript(plan, '0.0.0'), '--apply')
      expect(ended).toMatchObject({ status: 0, stderr: '' })
      expect(writes(ended.calls)).toEqual(wordsOf(plan))
      expect(ended.calls.length).toBeLessThanOrEqual(2 * plan.operations.length + 10)
    }),
    { numRuns: 12 },
  )
}, 120_000)

test('without --apply it sends nothing and prints commands that send the same', () => {
  fc.assert(
    fc.property(planArbitrary, (plan) => {
      const printed = run(renderApplyScript(plan, '0.0.0'))
      expect(writes(printed.calls)).toEqual([])
      const again = run(printed.stdout)
      expect(writes(again.calls)).toEqual(wordsOf(plan))
    }),
    { numRuns: 12 },
  )
}, 120_000)

test('every action has its step, and every step its way back', () => {
  expect(run(renderApplyScript(everyAction, '0.0.0')).stdout.match(/^aws /gm)).toHaveLength(
    everyAction.operations.length,
  )
  expect(run(renderRollbackScript(everyAction, '0.0.0'))).toMatchObject({ status: 0 })
})

test('a default version is set once, and left alone where somebody has chosen another', () => {
  const PolicyArn = 'arn:aws:iam::123456789012:policy/mlflow-iam/ml-platform/viewer'
  const to = (VersionId: string) =>
    ({ action: 'SetDefaultPolicyVersion', input: { PolicyArn, VersionId } }) as const
  const plan = makePlan([{ request: to('v2'), inverse: [to('v1')] }])
  const apply = (now: string) => runWith(`${PolicyArn}\t${now}\t0\n`, renderApplyScript(plan, '0'), '--apply')
  const back = (now: string) =>
    runWith(`${PolicyArn}\t${now}\t0\n`, renderRollbackScript(plan, '0'), '--apply')
  const sent = (version: string) => [
    ['iam', 'set-default-policy-version', '--policy-arn', PolicyArn, '--version-id', version],
  ]
  expect(writes(apply('v1').calls)).toEqual(sent('v2'))
  expect(apply('v2')).toMatchObject({ status: 0 })
  expect(writes(apply('v2').calls)).toEqual([])
  expect(apply('v3')).toMatchObject({ status: 7 })
  expect(writes(back('v2').calls)).toEqual(sent('v1'))
  expect(back('v3')).toMatchObject({ status: 0 })
  expect(writes(back('v3').calls)).toEqual([])
})

test('a plan of nothing runs and sends nothing', () => {
  const empty = makePlan([])
  for (const text of [renderApplyScript(empty, '0.0.0'), renderRollbackScript(empty, '0.0.0')]) {
    expect(run(text, '--apply')).toMatchObject({ status: 0, stderr: '' })
    expect(writes(run(text, '--apply').calls)).toEqual([])
  }
})

test('wrong words are refused, and help is given', () => {
  const text = renderApplyScript(makePlan([]), '0.0.0')
  expect(run(text, '--aply')).toMatchObject({ status: 2, calls: [] })
  expect(run(text, '--apply', '--force')).toMatchObject({ status: 2, calls: [] })
  expect(run(text, '--help')).toMatchObject({ status: 0, calls: [] })
})

test('nothing is used that bash 3.2 does not have', () => {
  const text = `${renderApplyScript(everyAction, '0')}${renderRollbackScript(everyAction, '0')}`
  expect(text).not.toMatch(
    /declare -[AgnlLu]|mapfile|readarray|\$\{[^}]*(?:\^|,,|@[QEPAa]\})|&>>|\|&|coproc|;;?&|wait -n/,
  )
})

test('reasons and names cannot leave their comment', () => {
  const because = "x\nrm -rf /\r\u2028'; touch pwned #\u202e"
  const plan = makePlan([
    { request: { action: 'DeleteRole', input: { RoleName: 'a' } }, inverse: [], because },
  ])
  const text = renderApplyScript({ ...plan, name: 'a\nb', id: 'c\nd' }, '0\n1')
  expect(text.split('\n').filter((line) => /^(?:rm|b|d|1)\b/.test(line))).toEqual([])
  expect(writes(run(text, '--apply').calls)).toEqual([['iam', 'delete-role', '--role-name', 'a']])
})

testWith('shellcheck')(
  'shellcheck has nothing to say',
  () => {
    const plans = [everyAction, makePlan([]), ...fc.sample(planArbitrary, { numRuns: 6, seed: 11 })]
    const files = plans.flatMap((plan, index) =>
      [renderApplyScript(plan, '0.0.0'), renderRollbackScript(plan, '0.0.0')].map((text, which) => {
        const path = join(folder, `${index}-${which}.sh`)
        writeFileSync(path, text)
        return path
      }),
    )
    const { stdout, status } = spawnSync('shellcheck', ['--norc', ...files], { encoding: 'utf8' })
    expect(stdout).toBe('')
    expect(status).toBe(0)
  },
  120_000,
)
