import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { grantsText, openPlace, type Place, program, type Ran, runCommand } from './run-program.ts'

/** The command that a line of standard error says to type, run as bash reads it. */
async function runTyped(place: Place, { err }: Ran, label: string, more: string): Promise<Ran> {
  const line = err.split('\n').find((each) => each.startsWith(label))
  const typed = line?.slice(label.length).replace(/^mlflow-iam/, '"$NODE" "$PROGRAM"')
  const env = { ...place.env(), NODE: process.execPath, PROGRAM: program }
  return runCommand('bash', ['-c', `${typed} ${more}`], { cwd: place.folder, env })
}

test('what plan says to type applies that very plan: pruned, in its region, whatever the file is called', async () => {
  const place = openPlace()
  const both =
    '  - { to: user/ana, persona: viewer, on: ml-dev }\n  - { to: user/ben, persona: viewer, on: ml-dev }\n'
  const name = 'ana & "ben"; $(touch owned).yaml'
  writeFileSync(join(place.folder, name), grantsText(both))
  const given = ['-f', name, '--sandbox', '--region', 'eu-west-1'] as const
  const first = await place.run('plan', ...given)
  expect(await runTyped(place, first, 'Carry it out: ', '--yes --journal "the first"')).toMatchObject({
    exit: 0,
  })
  writeFileSync(join(place.folder, name), grantsText(both.split('\n')[0] ?? ''))

  const pruned = await place.run('plan', ...given, '--prune')
  expect(pruned.err).toContain(' --prune ')
  expect(pruned.err).toContain(' --region eu-west-1')
  const applied = await runTyped(
    place,
    pruned,
    'Carry it out: ',
    '--confirm ml-sandbox --journal "the second"',
  )
  expect(applied).toMatchObject({ exit: 0 })
  expect(await place.run('plan', ...given, '--prune', '--detailed-exitcode')).toMatchObject({ exit: 0 })
  expect(await runTyped(place, applied, 'Undo: ', '--yes')).toMatchObject({ exit: 0 })
  expect(readdirSync(place.folder)).not.toContain('owned')
})

test('the ways on from an unfinished run reach the account in which it broke off', async () => {
  const place = openPlace()
  writeFileSync(
    join(place.folder, 'grants.yaml'),
    grantsText('  - { to: role/ci-trainer, persona: viewer, on: ml-prod }\n').replace(
      /^(account| {2}ml-dev).*\n/gm,
      '',
    ),
  )
  const on = ['-f', 'grants.yaml', '--sandbox', '--profile', 'prod'] as const
  expect(await place.run('apply', ...on, '--yes')).toMatchObject({ exit: 0 })
  const [journal = ''] = readdirSync(place.folder).filter((name) => name.endsWith('.jsonl'))
  const lines = readFileSync(join(place.folder, journal), 'utf8').split('\n')
  const begun = `${lines.slice(0, 2).join('\n')}\n`
  const other = journal.replace('.journal', '-rollback.journal')
  writeFileSync(join(place.folder, other), begun)
  const back = await place.run(
    'rollback',
    journal,
    ...on.slice(2),
    '--confirm',
    'ml-sandbox-prod',
    '--allow-delete',
    '1',
  )
  expect(back.err).toContain(`mlflow-iam apply --resume ${other} --sandbox --profile prod`)

  writeFileSync(join(place.folder, journal), begun)
  await place.run('sandbox', 'reset')
  const ran = await place.run('apply', ...on, '--yes')
  expect(ran.exit).toBe(4)
  expect(ran.err).toContain(`mlflow-iam apply --resume ${journal} --sandbox --profile prod`)
  expect(ran.err).toContain(`mlflow-iam rollback ${journal} --sandbox --profile prod`)
})

test('a stale plan is made again as it was made: with prune', async () => {
  const place = openPlace()
  writeFileSync(
    join(place.folder, 'grants.yaml'),
    grantsText('  - { to: user/ana, persona: viewer, on: ml-dev }\n'),
  )
  await place.run('plan', '-f', 'grants.yaml', '--sandbox', '--prune', '-o', 'the plan.json')
  await place.run('apply', '-f', 'grants.yaml', '--sandbox', '--yes')
  const stale = await place.run('apply', 'the plan.json', '--sandbox', '--yes')
  expect(stale.exit).toBe(7)
  expect(stale.err).toContain("mlflow-iam plan -f grants.yaml --prune -o 'the plan.json' --force")
})

test('a refusal says where to look and all that is missing, and both can be typed', async () => {
  const place = openPlace()
  const grant = '  - { to: user/ana, persona: viewer, on: ml-dev }\n'
  writeFileSync(join(place.folder, 'the grants.yaml'), grantsText(grant))
  const given = ['-f', 'the grants.yaml', '--sandbox'] as const
  const asked = await place.run('apply', ...given)
  expect(asked).toMatchObject({ exit: 4 })
  expect((await runTyped(place, asked, '  fix  Look: ', '')).out).toContain('It takes nothing away.')
  const differs = await place.run('verify', ...given)
  expect(differs).toMatchObject({ exit: 9 })
  expect((await runTyped(place, differs, 'Put it right: ', '')).out).toContain('+ 2 additions')
  const applied = await place.run('apply', ...given, '--yes')
  expect(await runTyped(place, applied, 'Prove it: ', '')).toMatchObject({ exit: 0 })

  const [journal = ''] = readdirSync(place.folder).filter((name) => name.endsWith('.journal.jsonl'))
  expect((await place.run('rollback', '--sandbox')).err).toContain(`The newest here is ${journal}.`)
  const refused = await place.run('rollback', journal, '--sandbox')
  expect(refused.err).toContain('The plan needs --confirm ml-sandbox and --allow-delete 1.')
  const agreed = ['--confirm', 'ml-sandbox', '--allow-delete', '1'] as const
  expect(await place.run('rollback', journal, '--sandbox', ...agreed)).toMatchObject({ exit: 0 })
})
