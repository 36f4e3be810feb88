import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { examples, grantsText, openPlace, type Place } from './run-program.ts'

const team = join(examples, 'team.yaml')

function write(place: Place, grants: string, name = 'grants.yaml', head = ''): void {
  writeFileSync(join(place.folder, name), grantsText(grants, head))
}

const parse = (text: string) => JSON.parse(text)

test('the team example goes through check, plan, apply and verify, and a second plan is empty', async () => {
  const place = openPlace()
  expect((await place.run('check', '-f', team)).exit).toBe(0)

  const planned = await place.run('plan', '-f', team, '--sandbox', '-o', 'plan.json')
  expect(planned.exit).toBe(0)
  expect(planned.out).toContain('user/ana')

  const applied = await place.run('apply', 'plan.json', '--sandbox', '--confirm', 'ml-sandbox')
  expect(applied.exit).toBe(0)
  expect(applied.out).toBe('18 of 18 done.\n')
  expect(applied.err).toContain('Undo: mlflow-iam rollback mlflow-iam-')

  const verified = await place.run('verify', '-f', team, '--sandbox', '--json')
  expect(verified.exit).toBe(0)
  expect(parse(verified.out)).toMatchObject({ version: 1, ok: true, differences: [] })
  const row = parse(verified.out).access.find(
    (each: { principal: string; server: string }) =>
      each.principal === 'arn:aws:iam::123456789012:user/ben' && each.server.endsWith('/ml-dev'),
  )
  expect(row.allowed).toContain('SetTag')
  expect(row.allowed).not.toContain('CreateRun')

  const again = await place.run('plan', '-f', team, '--sandbox', '--detailed-exitcode', '--json')
  expect(again.exit).toBe(0)
  expect(parse(again.out)).toMatchObject({
    version: 1,
    operations: [],
    totals: { adds: 0, changes: 0, removes: 0 },
  })
  expect((await place.run('apply', '-f', team, '--sandbox')).exit).toBe(0)
})

test('what an apply did can be taken back, and verify then says what is missing', async () => {
  const place = openPlace()
  await place.run('apply', '-f', team, '--sandbox', '--yes', '-q')
  const journal = readdirSync(place.folder).find((name) => name.endsWith('.journal.jsonl')) ?? ''

  const refused = await place.run('rollback', journal, '--sandbox')
  expect(refused.exit).toBe(4)
  const seen = await place.run('rollback', journal, '--sandbox', '--dry-run', '--json')
  const deletes = String(parse(seen.out).totals.deletes)
  const rollback = ['rollback', journal, '--sandbox', '--confirm', 'ml-sandbox'] as const
  expect((await place.run(...rollback)).err).toContain(`--allow-delete ${deletes}`)
  expect((await place.run(...rollback, '--allow-delete', deletes)).exit).toBe(0)

  const verified = await place.run('verify', '-f', team, '--sandbox', '--json')
  expect(verified.exit).toBe(9)
  expect(parse(verified.out).ok).toBe(false)
  expect(parse(verified.out).differences[0].missing.length).toBeGreaterThan(0)
})

test('taking back what is taken back already does nothing, and says so of the journal, not of a file', async () => {
  const place = openPlace()
  write(place, '  - { to: user/ana, persona: viewer, on: ml-dev }\n')
  await place.run('apply', '-f', 'grants.yaml', '--sandbox', '--yes')
  const [journal = ''] = readdirSync(place.folder).filter((name) => name.endsWith('.journal.jsonl'))
  const flags = ['--sandbox', '--confirm', 'ml-sandbox', '--allow-delete', '1']
  expect((await place.run('rollback', journal, ...flags)).exit).toBe(0)
  const { exit, out, err } = await place.run('rollback', journal, ...flags)
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
  expect(out).toContain('Nothing is left that can be taken back.')
  expect(out).not.toContain('as the file says')
})

test('a permission set that the file no longer lists is told by its name, which its ARN does not hold', async () => {
  const place = openPlace()
  write(place, '  - { to: permission-set/MLAuditor, persona: viewer, on: ml-dev }\n')
  expect((await place.run('apply', '-f', 'grants.yaml', '--sandbox', '--yes')).exit).toBe(0)
  write(place, '  - { to: user/ana, persona: viewer, on: ml-dev }\n')
  for (const view of ['summary', 'risk']) {
    const { out } = await place.run('plan', '-f', 'grants.yaml', '--sandbox', '--prune', '--show', view)
    expect(out).toContain('- permission-set/MLAuditor')
    expect(out).not.toContain('/ps-')
  }
})

test('a plan has one id, however it is printed, and apply takes that file', async () => {
  const place = openPlace()
  write(place, '  - { to: user/ana, persona: viewer, on: ml-dev }\n')
  const args = ['plan', '-f', 'grants.yaml', '--sandbox'] as const
  const saved = await place.run(...args, '-o', 'plan.json', '--json')
  const id = parse(saved.out).id
  expect(id).toMatch(/^[0-9a-f]{12}$/)
  expect(parse(readFileSync(join(place.folder, 'plan.json'), 'utf8'))).toMatchObject({ version: 1, id })
  expect(parse((await place.run(...args, '--show', 'json')).out).id).toBe(id)
  expect((await place.run(...args)).out).toContain(`Plan ${id}`)
  const commands = (await place.run(...args, '--show', 'commands')).out
  for (const { action } of parse(saved.out).operations) {
    const verb = action.replace(/[A-Z]/g, (letter: string) => `-${letter.toLowerCase()}`).slice(1)
    expect(commands).toContain(`aws iam ${verb}`)
  }
  expect((await place.run('apply', 'plan.json', '--sandbox', '--yes')).exit).toBe(0)
})

test('a plan that was edited, or is none, is refused', async () => {
  const place = openPlace()
  write(place, '  - { to: user/ana, persona: viewer, on: ml-dev }\n')
  await place.run('plan', '-f', 'grants.yaml', '--sandbox', '-o', 'plan.json')
  const text = readFileSync(join(place.folder, 'plan.json'), 'utf8')
  const edited = text.replace('"user/ana"', '"user/ben"').replace(/GetRun/, 'DeleteRun')
  writeFileSync(join(place.folder, 'edited.json'), edited)
  writeFileSync(join(place.folder, 'other.json'), '{"version":1,"operations":"x"}')
  writeFileSync(join(place.folder, 'evil.json'), text.replaceAll('AttachUserPolicy', 'CreateAccessKey'))
  for (const [file, code] of [
    ['edited.json', 'EDITED_PLAN'],
    ['other.json', 'INVALID_PLAN'],
    ['evil.json', 'INVALID_PLAN'],
    ['grants.yaml', 'INVALID_JSON'],
    ['absent.json', 'CANNOT_READ'],
  ] as const) {
    const { exit, out } = await place.run('apply', file, '--sandbox', '--yes', '--json')
    expect({ file, exit, code: parse(out).error.code }).toEqual({ file, exit: 3, code })
  }
})

test('agreement: what only adds takes --yes, what removes takes the alias, deletions take their number', async () => {
  const place = openPlace()
  write(place, '  - { to: user/ana, persona: data-scientist, on: ml-dev }\n')
  const apply = ['apply', '-f', 'grants.yaml', '--sandbox'] as const
  expect((await place.run(...apply)).exit).toBe(4)
  expect((await place.run(...apply, '--confirm', 'ml-prod')).exit).toBe(4)
  expect(existsSync(join(place.folder, 'plan.json'))).toBe(false)
  expect((await place.run(...apply, '--dry-run')).exit).toBe(0)
  expect((await place.run(...apply, '--confirm', 'ml-sandbox')).exit).toBe(0)

  write(place, '  - { to: user/ana, persona: viewer, on: ml-dev }\n')
  const fewer = await place.run(...apply, '--yes')
  expect(fewer.exit).toBe(4)
  expect(fewer.err).toContain('--confirm ml-sandbox')
  expect((await place.run(...apply, '--confirm', 'ml-sandbox', '-q')).exit).toBe(0)

  write(place, '  - { to: user/ben, persona: viewer, on: ml-dev }\n')
  const prune = [...apply, '--prune', '--confirm', 'ml-sandbox'] as const
  const many = await place.run(...prune, '--json')
  expect(many.exit).toBe(4)
  expect(parse(many.out).error).toMatchObject({ code: 'TOO_MANY_DELETES', exit: 4 })
  expect((await place.run(...prune, '--allow-delete', '5')).exit).toBe(0)
  const { out } = await place.run(
    'show',
    '--sandbox',
    '--json',
    '--principal',
    'user/ana',
    '--server',
    'ml-dev',
  )
  expect(parse(out).access).toMatchObject([{ allowed: [] }])
})

test('a stale plan is exit 7 before any question, and names what changed', async () => {
  const place = openPlace()
  write(place, '  - { to: user/ana, persona: viewer, on: ml-dev }\n')
  await place.run('plan', '-f', 'grants.yaml', '--sandbox', '-o', 'plan.json')
  write(place, '  - { to: user/ana, persona: auditor, on: ml-dev }\n', 'other.yaml')
  await place.run('apply', '-f', 'other.yaml', '--sandbox', '--yes')
  const { exit, err, out } = await place.run('apply', 'plan.json', '--sandbox')
  expect({ exit, out }).toEqual({ exit: 7, out: '' })
  expect(err).toContain('AWS changed since this plan was made, so nothing was applied.')
  expect(err).toContain('ana')
})

test('apply --json prints one event a line, the last of them how it ended', async () => {
  const place = openPlace()
  write(place, '  - { to: user/ana, persona: viewer, on: ml-dev }\n')
  const { exit, out } = await place.run('apply', '-f', 'grants.yaml', '--sandbox', '--yes', '--json', '-v')
  expect(exit).toBe(0)
  const events = out.trim().split('\n').map(parse)
  expect(events[0]).toMatchObject({ version: 1, event: 'started' })
  expect(events.at(-1)).toMatchObject({ version: 1, event: 'finished', ok: true, done: 2, failed: 0 })
  expect(existsSync(join(place.folder, events.at(-1).journal))).toBe(true)
  expect((await place.run('apply', '--resume', events.at(-1).journal, '--sandbox')).exit).toBe(0)
})

test('exit codes of plan: 2 for changes, 10 over the level, which comes first', async () => {
  const place = openPlace()
  write(place, '  - { to: user/ana, persona: mlops-admin, on: ml-dev }\n')
  const plan = ['plan', '-f', 'grants.yaml', '--offline', '-q'] as const
  expect((await place.run(...plan)).exit).toBe(0)
  expect((await place.run(...plan, '--detailed-exitcode')).exit).toBe(2)
  expect((await place.run(...plan, '--detailed-exitcode', '--fail-on', 'high')).exit).toBe(10)
})

test('another account is exit 3 with both ids', async () => {
  const place = openPlace()
  const text = grantsText('  - { to: user/ana, persona: viewer, on: ml-dev }\n').replace(
    '123456789012',
    '210987654321',
  )
  writeFileSync(join(place.folder, 'grants.yaml'), text)
  for (const command of ['plan', 'apply', 'verify']) {
    const { exit, err } = await place.run(command, '-f', 'grants.yaml', '--sandbox')
    expect({ command, exit }).toEqual({ command, exit: 3 })
    expect(err).toMatch(/123456789012[\s\S]*210987654321|210987654321[\s\S]*123456789012/)
  }
})

test('every error of a grants file stands at its place, in text and as JSON', async () => {
  const place = openPlace()
  write(
    place,
    '  - { to: user/ana, persona: veiwer, on: ml-dev }\n  - { to: user/ben, persona: viewer, on: ml-pord }\n',
  )
  const { exit, out, err } = await place.run('check', '-f', 'grants.yaml')
  expect({ exit, out }).toEqual({ exit: 3, out: '' })
  expect(err.match(/^grants\.yaml:\d+:\d+: /gm)).toHaveLength(2)
  expect(err).toContain('viewer')
  expect(err).toContain('ml-prod')
  expect(err).not.toMatch(/^\s+at /m)
  const { error } = parse((await place.run('check', '-f', 'grants.yaml', '--json')).out)
  expect(error).toMatchObject({ code: 'INVALID_GRANTS_FILE', exit: 3 })
  expect(error.errors).toHaveLength(2)
  expect(error.errors[0]).toMatchObject({ file: 'grants.yaml', line: 9, path: 'grants.0.persona' })
})

test('bytes that are not UTF-8 are an error at their place, as any other', async () => {
  const place = openPlace()
  writeFileSync(join(place.folder, 'bytes.yaml'), Buffer.from('version: 1\nname: ml\xffl\n', 'latin1'))
  const { exit, out, err } = await place.run('check', '-f', 'bytes.yaml', '--json')
  expect(exit).toBe(3)
  expect(err).toMatch(/^bytes\.yaml:2:9: There are bytes here that are not UTF-8\./m)
  expect(parse(out).error.errors).toContainEqual(
    expect.objectContaining({ file: 'bytes.yaml', line: 2, column: 9 }),
  )
})

test('an unknown server or principal is exit 3 at its line and column', async () => {
  const place = openPlace()
  write(place, '  - { to: user/nobody, persona: viewer, on: ml-dev }\n')
  const { exit, err } = await place.run('plan', '-f', 'grants.yaml', '--sandbox')
  expect(exit).toBe(3)
  expect(err).toMatch(/^grants\.yaml:9:\d+: .*nobody/m)
})

test('files: standard input works, what exists stays without --force, what cannot be written is exit 3', async () => {
  const place = openPlace()
  const text = grantsText('  - { to: user/ana, persona: viewer, on: ml-dev }\n')
  const input = { input: text }
  expect((await place.runWith(input, 'check', '-f', '-')).exit).toBe(0)
  writeFileSync(join(place.folder, 'there.json'), 'mine')
  const plan = ['plan', '-f', '-', '--offline', '-o'] as const
  expect((await place.runWith(input, ...plan, 'there.json')).exit).toBe(11)
  expect(readFileSync(join(place.folder, 'there.json'), 'utf8')).toBe('mine')
  expect((await place.runWith(input, ...plan, 'there.json', '--force')).exit).toBe(0)
  expect((await place.runWith(input, ...plan, 'no/such/folder/plan.json')).exit).toBe(3)
  expect((await place.runWith(input, ...plan, '.')).exit).toBe(3)
  expect((await place.runWith(input, ...plan, '/dev/null')).exit).toBe(0)
  expect(readdirSync(place.folder).filter((name) => name.includes('tmp'))).toEqual([])
})

test('a snapshot answers as the account did', async () => {
  const place = openPlace()
  write(place, '  - { to: user/ana, persona: viewer, on: ml-dev }\n')
  expect((await place.run('snapshot', '-o', 'account.json', '--sandbox')).exit).toBe(0)
  const live = parse((await place.run('plan', '-f', 'grants.yaml', '--sandbox', '--json')).out)
  const saved = parse(
    (await place.run('plan', '-f', 'grants.yaml', '--snapshot', 'account.json', '--json')).out,
  )
  expect(saved.id).toBe(live.id)
  const shown = await place.run('show', '--sandbox', '--json')
  expect((await place.run('show', '--snapshot', 'account.json', '--json')).out).toBe(shown.out)
  expect((await place.run('apply', '-f', 'grants.yaml', '--snapshot', 'account.json', '--yes')).exit).toBe(3)
  writeFileSync(join(place.folder, 'account.json'), '{"version":1,"users":[{}]}')
  expect((await place.run('show', '--snapshot', 'account.json')).exit).toBe(3)
})

test('explain answers what a call needs with no file, account or sign-in, one JSON object a query', async () => {
  const { exit, out } = await openPlace().run(
    'explain',
    '--json',
    'mlflow.log_metric',
    'LogModel',
    'AccessUI',
  )
  expect(exit).toBe(0)
  const [metric, model, ui] = out.trim().split('\n').map(parse)
  expect(metric).toMatchObject({ version: 1, kind: 'function', holders: [] })
  expect(metric.needs.actions).toContain('LogMetric')
  expect(model).toMatchObject({ kind: 'action', needs: { actions: ['LogModel'], s3: ['write'] } })
  expect(ui.kind).toBe('action')
})

test('explain says that no account was looked at, and asked to look it shows no name cut', async () => {
  const place = openPlace()
  const alone = await place.run('explain', 'LogMetric')
  expect(alone.err).toContain('No account was looked at.')
  const looked = await place.runWith({ env: { COLUMNS: '80' } }, 'explain', 'CallMlflowAppApi', '--sandbox')
  expect(looked.err).not.toContain('No account')
  expect(looked.out).toContain('\nrole/service-role/AmazonSageMaker-ExecutionRole-20250114T101522\n')
})

test('explain --offline needs no file either, and knows of no holders', async () => {
  const { exit, out } = await openPlace().run('explain', '--offline', '--json', 'LogMetric')
  expect({ exit, ...parse(out) }).toMatchObject({ exit: 0, needs: { actions: ['LogMetric'] }, holders: [] })
})

test('catalog JSON has the 61 actions and every persona by name', async () => {
  const place = openPlace()
  const { actions, source } = parse((await place.run('catalog', 'actions', '--json')).out)
  expect(source).toBeDefined()
  const mlflow = actions.filter(({ name }: { name: string }) => name.startsWith('sagemaker-mlflow:'))
  expect(mlflow).toHaveLength(61)
  expect(mlflow.filter(({ inGuide }: { inGuide: boolean }) => inGuide)).toHaveLength(44)
  const { personas } = parse((await place.run('catalog', 'personas', '--json')).out)
  expect(personas.map(({ name }: { name: string }) => name)).toContain('use-mlflow')
  expect(personas.find(({ name }: { name: string }) => name === 'use-mlflow').actions).toHaveLength(61)
  expect(personas.find(({ name }: { name: string }) => name === 'viewer').alsoNeeds).toEqual([
    's3:GetObject',
    's3:ListBucket',
    'sagemaker:CreatePresignedMlflowTrackingServerUrl',
    'sagemaker:DescribeMlflowTrackingServer',
    'sagemaker:ListMlflowTrackingServers',
  ])
})
