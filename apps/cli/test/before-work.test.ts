import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { grantsText, openPlace } from './run-program.ts'

test('init reads no account where the file that it is to write is there', async () => {
  const place = openPlace()
  writeFileSync(join(place.folder, 'grants.yaml'), '')
  const { exit, err } = await place.run('init', '--sandbox', '-o', 'grants.yaml', '-v')
  expect(exit).toBe(11)
  expect(err).not.toContain('GetAccountAuthorizationDetails')
  expect(err).not.toContain('what it leaves out')
})

test('a dry run of a resume says on standard output what is left, also as JSON', async () => {
  const place = openPlace()
  writeFileSync(
    join(place.folder, 'grants.yaml'),
    grantsText('  - { to: [user/ana, user/ben], persona: viewer, on: ml-dev }\n'),
  )
  const apply = ['apply', '-f', 'grants.yaml', '--sandbox', '--yes', '--journal', 'j', '--concurrency', '1']
  await place.run(...apply)
  const [header, ...lines] = readFileSync(join(place.folder, 'j'), 'utf8').split('\n')
  // As a run leaves it that was killed before its first call came through.
  writeFileSync(join(place.folder, 'j'), `${[header, lines[0]].join('\n')}\n`)
  await place.run('sandbox', 'reset')
  const dry = ['apply', '--resume', 'j', '--sandbox', '--dry-run'] as const
  const { exit, out } = await place.run(...dry, '--json')
  expect({ exit, out: JSON.parse(out) }).toMatchObject({
    exit: 0,
    out: { version: 1, event: 'finished', dryRun: true, journal: 'j', ok: true },
  })
  const plain = await place.run(...dry)
  expect(plain.out.trimEnd().split('\n')).toHaveLength(JSON.parse(out).operations)
  expect(plain.out).toContain('ana gets viewer on ml-dev.')
})
