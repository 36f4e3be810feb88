import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { grantsText, program, runCommand } from '../run-program.ts'
import { chosenProfiles } from '../team-account.ts'
import { openTerminalPlace } from './terminal.ts'

test('killed while it applies, the journal carries it to the same end, and nothing is made twice', async () => {
  const place = openTerminalPlace()
  const to = chosenProfiles.map((each) => `      - ${each}\n`).join('')
  writeFileSync(join(place.folder, 'grants.yaml'), grantsText(`  - persona: viewer\n    to:\n${to}`))
  const terminal = place.open(['--sandbox', '-f', 'grants.yaml'])
  await terminal.see('change IAM')
  terminal.type('\r\r\r\r')
  await terminal.see('19 rows')
  terminal.type('>')
  await terminal.see('attach policy')
  terminal.type('A')
  await terminal.see('Apply 20 changes')
  terminal.type('\t\r')
  await terminal.see(/ [1-9]\d* of 20 /)
  terminal.kill('SIGKILL')
  await terminal.ended

  const [journal = ''] = readdirSync(place.folder).filter((name) => name.endsWith('.journal.jsonl'))
  const env = { PATH: process.env.PATH, HOME: place.folder, XDG_STATE_HOME: join(place.folder, 'state') }
  const run = (...args: readonly string[]) =>
    runCommand(process.execPath, [program, ...args, '--sandbox', '-q'], { cwd: place.folder, env })
  const resumed = await run('apply', '--resume', journal, '--yes')
  expect(resumed).toMatchObject({ exit: 0, out: '20 of 20 done.\n' })
  const planned = await run('plan', '-f', 'grants.yaml', '--prune', '--detailed-exitcode')
  expect(planned.exit).toBe(0)
  const state = JSON.parse(readFileSync(join(place.folder, 'state/mlflow-iam/sandbox.json'), 'utf8'))
  const made = JSON.stringify(state).match(/"path":"\/mlflow-iam\/ml-platform\/"/g)
  expect(made).toHaveLength(1)
})
