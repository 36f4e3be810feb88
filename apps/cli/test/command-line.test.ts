import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSandbox, seedTeam, serveSandbox } from '@mlflow-iam/sandbox'
import { expect, onTestFinished, test } from 'vitest'
import { commands } from '../src/commands/index.ts'
import { exitCodeMeanings } from '../src/output/help.ts'
import { examples, openPlace, program, runCommand } from './run-program.ts'

test('--help names every command, on standard output, within 80 columns', async () => {
  const { exit, out, err } = await openPlace().runWith({ env: { COLUMNS: '80' } }, '--help')
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
  for (const { name } of commands) expect(out).toMatch(new RegExp(`^  ${name} +\\S`, 'm'))
  expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
})

test('--version is the version of the package, and nothing else', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  expect(await openPlace().run('-V')).toEqual({ exit: 0, out: `${version}\n`, err: '' })
})

test.skipIf(process.platform === 'win32')('the built file runs by itself, as npm links it', async () => {
  const place = openPlace()
  const { exit, err } = await runCommand(program, ['--version'], { cwd: place.folder, env: place.env() })
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
})

test.concurrent.each(commands.map(({ name }) => name))(
  '%s --help opens with a sentence, usage and examples',
  async (name) => {
    const { exit, out } = await openPlace().run(name, '--help')
    expect(exit).toBe(0)
    const { out: narrow } = await openPlace().runWith({ env: { COLUMNS: '80' } }, name, '--help')
    // Examples are copied whole.
    const wide = narrow.split('\n').filter((line) => line.length > 80 && !line.startsWith('  mlflow-iam '))
    expect(wide).toEqual([])
    expect(out).toMatch(/^[A-Z][^\n]*\.\n/)
    expect(out).toContain(`usage  mlflow-iam ${name}`)
    expect(out).toContain('Examples\n')
    expect((await openPlace().run('help', name)).out).toBe(out)
  },
)

test('--ascii, and a locale that is not UTF-8, keep to characters that every terminal has', async () => {
  const place = openPlace()
  const written = await Promise.all([
    place.run('show', '--sandbox', '--principal', 'role/ds-shared', '--ascii'),
    place.run('show', '--sandbox', '--server', 'ml-prod', '--ascii'),
    place.run('verify', '-f', join(examples, 'team.yaml'), '--sandbox', '--ascii'),
    place.runWith({ env: { LC_ALL: 'C' } }, 'explain', '--help'),
    place.runWith({ env: { LC_ALL: 'C' } }, 'rollback'),
  ])
  expect(written.map(({ out, err }) => /[^\x00-\x7f]/.exec(out + err)?.[0])).toEqual(
    written.map(() => undefined),
  )
  const { out } = await place.run('show', '--sandbox', '--principal', 'role/ds-shared')
  expect(out).toContain('·')
})

test('a Region that is none is exit 3, and so is none at all where servers lie in the default one', async () => {
  const place = openPlace()
  const { url, close } = await serveSandbox(createSandbox({ state: seedTeam() }), {})
  onTestFinished(close)
  const keys = { AWS_ACCESS_KEY_ID: 'sandbox', AWS_SECRET_ACCESS_KEY: 'sandbox', AWS_ENDPOINT_URL: url }
  const none = await place.runWith({ env: keys }, 'show', '--json')
  expect(none.exit).toBe(3)
  expect(JSON.parse(none.out).error).toMatchObject({ code: 'NO_REGION', exit: 3 })
  expect((await place.runWith({ env: { ...keys, AWS_REGION: 'eu-west-1' } }, 'show')).out).toContain(
    'ds-shared',
  )
  // A file with a Region of its own needs no other.
  expect((await place.runWith({ env: keys }, 'plan', '-f', join(examples, 'team.yaml'))).exit).toBe(0)
  for (const flags of [['--sandbox'], []]) {
    const { exit, err } = await place.runWith({ env: keys }, 'show', '--region', 'mars-1', ...flags)
    expect({ exit, err }).toMatchObject({
      exit: 3,
      err: expect.stringContaining('"mars-1" is not a Region.'),
    })
  }
})

test('a Region that is not that of the file is exit 3, unless Identity Center may be there', async () => {
  const place = openPlace()
  const head = 'version: 1\nname: team\naccount: "123456789012"\n'
  const rest = 'servers: { ml-dev: { planned: true } }\ngrants:\n  - { to: TO, persona: viewer }\n'
  const write = (name: string, to: string, region = 'region: eu-west-1\n') =>
    writeFileSync(join(place.folder, name), `${head}${region}${rest.replace('TO', to)}`)
  write('own.yaml', 'user/ana')
  write('none.yaml', 'user/ana', '')
  write('center.yaml', 'permission-set/MLScientist')
  const plan = (file: string, ...flags: readonly string[]) =>
    place.run('plan', '-f', file, '--sandbox', '--json', ...flags)
  const other = await plan('own.yaml', '--region', 'us-east-1')
  expect({ exit: other.exit, ...JSON.parse(other.out) }).toMatchObject({
    exit: 3,
    error: {
      code: 'OTHER_REGION',
      what: 'The grants file is for eu-west-1, not us-east-1.',
      why: expect.stringContaining('--region us-east-1 would change nothing'),
      fix: [expect.stringContaining('Leave --region out')],
    },
  })
  for (const [file, region] of [
    ['own.yaml', 'eu-west-1'],
    ['none.yaml', 'us-east-1'],
    ['center.yaml', 'us-east-1'],
  ] as const) {
    const { exit, err } = await plan(file, '--region', region)
    expect(exit, err).toBe(0)
  }
}, 60_000)

test('every exit code has a meaning in help', async () => {
  const { out } = await openPlace().run('help', 'exit-codes')
  for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 130]) {
    expect(out).toMatch(new RegExp(`^  ${code} +${exitCodeMeanings[code]?.slice(0, 8)}`, 'm'))
  }
})

test('completion is valid for bash, and offers commands, flags and values', async () => {
  const place = openPlace()
  const { out } = await place.run('completion', 'bash')
  const script = `${out}\nCOMP_WORDS=(mlflow-iam plan --show ''); COMP_CWORD=3; _mlflow_iam; echo "\${COMPREPLY[*]}"
COMP_WORDS=(mlflow-iam ver); COMP_CWORD=1; _mlflow_iam; echo "\${COMPREPLY[*]}"
COMP_WORDS=(mlflow-iam export --pr); COMP_CWORD=2; _mlflow_iam; echo "\${COMPREPLY[*]}"\n`
  writeFileSync(join(place.folder, 'try.sh'), script)
  const ran = await runCommand('bash', ['try.sh'], { cwd: place.folder, env: place.env() })
  expect(ran).toEqual({
    exit: 0,
    out: 'summary diff commands json risk\nverify\n--prune --profile\n',
    err: '',
  })
  for (const shell of ['zsh', 'fish']) expect((await place.run('completion', shell)).out).toContain('fail-on')
})

test('the manual page is made from the same table', async () => {
  const { out } = await openPlace().run('help', 'man')
  expect(out.startsWith('.TH MLFLOW\\-IAM 1')).toBe(true)
  for (const { name } of commands) expect(out).toContain(`\n.SS ${name}\n`)
})

test('the schema of grants files is there for editors', async () => {
  const { out } = await openPlace().run('help', 'schema')
  expect(JSON.parse(out)).toMatchObject({ type: 'object', properties: { grants: {}, servers: {} } })
})

test('alone and without a terminal, it says what to do instead and exits 4 with nothing on standard output', async () => {
  for (const args of [[], ['setup'], ['setup', '--plain'], ['--sandbox'], ['setup', '--no-input']]) {
    const { exit, out, err } = await openPlace().run(...args)
    expect({ args, exit, out }).toEqual({ args, exit: 4, out: '' })
    expect(err).toMatch(/terminal|--no-input/)
    expect(err).toContain('\n  fix  ')
  }
})

const badUsage = [
  [['plna'], 'Did you mean: mlflow-iam plan'],
  [['plan', '--shwo', 'diff'], 'Did you mean --show?'],
  [['plan', '--show', 'dif'], 'Did you mean --show diff?'],
  [['plan', '--show', ''], '--show "" is not one of its values'],
  [['plan', '--show'], 'argument missing'],
  [['plan'], 'No grants file is given.'],
  [['plan', '-f', 'a.yaml', 'b.yaml'], 'does not take "b.yaml"'],
  [['check', 'b.yaml'], 'mlflow-iam check -f b.yaml'],
  [['check', 'extra'], 'See: mlflow-iam check --help'],
  [['plan', '-f', ''], '--file is empty'],
  [['plan', '-f', 'x', '--yes'], 'takes no --yes'],
  [['apply'], 'needs a plan or a grants file'],
  [['apply', 'plan.json', '-f', 'x'], 'A plan and a grants file are given.'],
  [['apply', 'plan.json', '--prune'], '--prune comes too late'],
  [['apply', '-f', 'x', '--concurrency', '0'], 'not between 1 and 32'],
  [['apply', '-f', 'x', '--wait', 'soon'], 'no length of time'],
  [['apply', '-f', 'x', '--on-error', 'explode'], 'stop, continue, rollback'],
  [['rollback'], 'No journal is given.'],
  [['export', '-f', 'x', '-o', 'y'], 'No format is given.'],
  [['export', '-f', 'x', '--format', 'shell'], 'No folder is given.'],
  [['export', '-f', 'x', '--format', 'word', '-o', 'y'], 'shell, powershell'],
  [['explain'], 'What should be explained?'],
  [['explain', 'LogMetrics'], 'Did you mean LogMetric?'],
  [['catalog', '__proto__'], 'There is no catalog of'],
  [['completion', 'constructor'], 'There is no completion'],
  [['help', 'toString'], 'There is no help on'],
  [['sandbox'], 'It takes serve or reset'],
  [['sandbox', 'serve', '--port', '99999'], 'is no port'],
  [['show', '--sandbox', '--offline'], 'contradict each other'],
  [['show', '--sandbox', '--endpoint-url', 'http://x'], 'contradict each other'],
  [['show', '--endpoint-url', 'ftp://x'], 'is no URL'],
  [['show', '--offline'], '--offline needs a grants file'],
  [['apply', '--resume', 'x', '-f', 'y'], '--resume goes on with a journal'],
  [['snapshot'], 'No file is given.'],
  [['--', '--help'], 'There is no command "--help"'],
  [['-xyz'], 'Unknown flag -x'],
] as const
test.concurrent.each(badUsage)('%j is exit 3 with a reason and a way on', async (args, expected) => {
  const { exit, out, err } = await openPlace().run(...args)
  expect({ exit, out }).toEqual({ exit: 3, out: '' })
  expect(err).toContain(expected)
  expect(err).toContain('\n  fix  ')
  expect(err).not.toMatch(/^\s+at /m)
})

test('with --json even bad usage is one object on standard output', async () => {
  const { exit, out, err } = await openPlace().run('plan', '--json', '--shwo')
  expect(exit).toBe(3)
  expect(JSON.parse(out)).toEqual({
    version: 1,
    error: {
      code: 'USAGE',
      what: 'Unknown flag --shwo.',
      why: 'No command takes it.',
      fix: ['Did you mean --show?'],
      exit: 3,
    },
  })
  expect(err).toContain('Unknown flag --shwo.')
})

test('a reader that goes away is no error', async () => {
  const place = openPlace()
  const code = await new Promise((resolve) => {
    const child = spawn(process.execPath, [program, 'catalog', 'functions', '--json'], {
      cwd: place.folder,
      env: place.env(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let err = ''
    child.stderr.on('data', (data) => {
      err += data
    })
    child.stdout.once('data', () => child.stdout.destroy())
    child.on('close', (exit) => resolve({ exit, err }))
  })
  expect(code).toEqual({ exit: 0, err: '' })
})

test('everything arrives in a slow pipe', async () => {
  const place = openPlace()
  const whole = await place.run('catalog', 'functions', '--format', 'json')
  const slow = await runCommand(
    'bash',
    ['-c', `"${process.execPath}" "${program}" catalog functions --format json | { sleep 0.3; cat; }`],
    { cwd: place.folder, env: place.env() },
  )
  expect(whole.out.length).toBeGreaterThan(65_536)
  expect(slow.out).toBe(whole.out)
})

const hostile = [
  '\u001b[2J',
  '../../../etc/passwd',
  '$(touch pwned)',
  "'; rm -rf .",
  '%s%n',
  '\u202eevil',
  'x'.repeat(70_000),
  '-',
  '/',
  '.',
  '~',
]
test('hostile values end with a calm exit code, and never with a bug', async () => {
  const place = openPlace()
  const lines = hostile.flatMap((value, index) => {
    const forms = [
      [value],
      ['plan', '-f', value, '--offline'],
      ['apply', value, '--sandbox'],
      ['explain', value],
      ['show', '--snapshot', value],
      ['rollback', value, '--sandbox'],
    ]
    // Each value in two places, each place with several values.
    return [forms[index % 6] ?? [], forms[(index + 3) % 6] ?? []]
  })
  for (const args of lines) {
    const { exit, out, err } = await place.run(...args)
    const shown = args.map((each) => each.slice(0, 30))
    expect({ shown, exit, calm: exit === 3 || exit === 4 }).toMatchObject({ calm: true })
    expect(`${out}${err}`).not.toContain('\u001b[2J')
    expect(err).not.toMatch(/^\s+at /m)
  }
})
