import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { grantsText, openPlace } from './run-program.ts'

test('show and explain speak of a permission set by its name, and give a grant that can be pasted', async () => {
  const place = openPlace()
  const to = ['--sandbox', '--principal', 'permission-set/MLScientist'] as const
  for (const words of [
    ['show'],
    ['show', '--server', 'ml-dev'],
    ['explain', 'LogMetric', '--server', 'ml-dev'],
  ]) {
    const { exit, out } = await place.run(...words, ...to)
    expect({ words, exit }).toEqual({ words, exit: 0 })
    expect(out).toContain('permission-set/MLScientist')
    expect(out).not.toMatch(/permission-?set\/\S*ps-/i)
  }
  const { out } = await place.run('explain', 'LogMetric', '--server', 'ml-dev', ...to, '--json')
  const { grant } = JSON.parse(out)
  writeFileSync(join(place.folder, 'grants.yaml'), grantsText(grant.replace('grants:\n', '')))
  expect(await place.run('check', '-f', 'grants.yaml')).toMatchObject({ exit: 0 })
})

test('the grant that explain suggests names the server of another account that was asked about', async () => {
  const place = openPlace()
  const theirs = 'arn:aws:sagemaker:eu-west-1:210987654321:mlflow-tracking-server/theirs'
  const text = grantsText('  - { to: user/ana, persona: viewer, on: theirs }\n').replace(
    'servers:\n',
    `servers:\n  theirs: { arn: "${theirs}", via: "arn:aws:iam::210987654321:role/mlflow-access" }\n`,
  )
  writeFileSync(join(place.folder, 'grants.yaml'), text)
  const on = ['-f', 'grants.yaml', '--sandbox', '--principal', 'user/ana', '--server', 'theirs'] as const
  expect((await place.run('explain', 'LogMetric', ...on)).out).toContain('    on: theirs')
})
