import { spawn } from 'node:child_process'
import { existsSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { grantsText, openPlace, type Place, program } from './run-program.ts'

const people = ['ana', 'ben', 'chen', 'dara', 'elif', 'farid', 'greta', 'hana'].map((name) => `user/${name}`)
const grants = grantsText(`  - { to: [${people.join(', ')}], persona: viewer, on: ml-dev }\n`)
const apply = ['apply', '-f', 'grants.yaml', '--sandbox', '--yes', '--concurrency', '1']

function openTeam(): Place {
  const place = openPlace()
  writeFileSync(join(place.folder, 'grants.yaml'), grants)
  return place
}

/** Runs the program and stops reading one of its streams after the first piece. */
function readOnce(
  place: Place,
  stream: 'stdout' | 'stderr',
  ...args: readonly string[]
): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], { cwd: place.folder, env: place.env() })
    const other = stream === 'stdout' ? child.stderr : child.stdout
    other.resume()
    child[stream].once('data', () => child[stream].destroy())
    child.on('close', resolve)
  })
}

test.each([
  ['stdout', ['--json']],
  ['stderr', []],
] as const)('an apply goes on to its end when nobody reads its %s any more', async (stream, more) => {
  const place = openTeam()
  expect(await readOnce(place, stream, ...apply, ...more)).toBe(0)
  const [journal = ''] = readdirSync(place.folder).filter((name) => name.endsWith('.jsonl'))
  expect(readFileSync(join(place.folder, journal), 'utf8')).toMatch(/"event":"finished","ok":true/)
  expect(await place.run('plan', ...apply.slice(1, 4), '--detailed-exitcode')).toMatchObject({ exit: 0 })
})

test('a run that fails says so by its exit code, though nobody reads', async () => {
  const place = openTeam()
  writeFileSync(join(place.folder, 'grants.yaml'), grants.replace('user/hana', 'user/nobody'))
  expect(await readOnce(place, 'stderr', ...apply)).toBe(3)
})

test.skipIf(!existsSync('/dev/full'))(
  'results that cannot be written are an error that says why, not a bug of ours',
  async () => {
    const place = openTeam()
    for (const more of [[], ['--json']]) {
      const child = spawn(process.execPath, [program, 'plan', ...apply.slice(1, 4), ...more], {
        cwd: place.folder,
        env: place.env(),
        stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
      })
      let err = ''
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        err += text
      })
      expect(await new Promise((resolve) => child.on('close', resolve))).toBe(3)
      expect(err).toContain('Standard output cannot be written to the end.\n  why  There is no space left')
      expect(err).not.toContain('bug')
    }
  },
)
