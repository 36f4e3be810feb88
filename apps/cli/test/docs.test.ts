import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { parseGrants } from '@mlflow-iam/core/grants/parse-grants'
import { expect, onTestFinished, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { placeAws } from '../../../packages/core/test/tools/place-aws.ts'
import { testWith } from '../../../packages/core/test/tools/require-tool.ts'
import { startServer } from '../../../packages/core/test/tools/start-server.ts'
import { exitCodeMeanings } from '../src/output/help.ts'
import { allPages, blocksOf, brokenLinks, type Page, readPage, root } from './doc-pages.ts'
import { examples, openPlace, type Place, program, type Ran, runCommand } from './run-program.ts'

const pages = allPages()
const runnable = pages.filter(
  ({ path, blocks }) => /^(README|docs\/)/.test(path) && blocks.some(({ info }) => info.startsWith('sh run')),
)
const withBash = testWith('bash')

test('there are pages to hold to their word', () => {
  expect(pages.length).toBeGreaterThan(15)
  expect(runnable.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['README.md', 'docs/guide/first-setup.md', 'docs/guide/ci.md']),
  )
})

for (const page of runnable.filter(({ blocks }) => blocks.some(({ info }) => info === 'sh run'))) {
  withBash(
    `every command of ${page.path} does what a reader expects of it`,
    async () => {
      await runBlocks(page, openShell(), ['sh run'])
    },
    240_000,
  )
}

for (const page of runnable.filter(({ blocks }) => blocks.some(({ info }) => info === 'sh run aws'))) {
  testWith('bash', 'aws')(
    `the AWS CLI understands every command of ${page.path}`,
    async () => {
      const shell = openShell()
      const address = await shell.serve({ settings: !page.text.includes('export AWS_ENDPOINT_URL') })
      const text = page.text.replaceAll('http://127.0.0.1:43210', address)
      await runBlocks({ ...page, text, blocks: blocksOf(text) }, shell, ['sh run', 'sh run aws'])
    },
    480_000,
  )
}

/** Runs the blocks of these kinds in the order of the page, each in a bash of its own. */
async function runBlocks(page: Page, shell: Shell, kinds: readonly string[]): Promise<void> {
  if (!/> grants\.yaml|-o grants\.yaml|```yaml grants\.yaml/.test(page.text)) shell.bring('team.yaml')
  for (const { info, text, line } of page.blocks) {
    if (info === 'yaml grants.yaml') writeFileSync(join(shell.place.folder, 'grants.yaml'), text)
    if (!kinds.includes(info)) continue
    // Blank lines before it make bash count as the page does.
    const ran = await shell.run('\n'.repeat(line - 1) + text, page.path)
    expect(ran.exit, `${ran.err}${ran.out}`).toBe(0)
  }
}

test('a command that fails is named with its page and line', async () => {
  const { blocks } = readPage('README.md')
  expect(blocks.length).toBeGreaterThan(0)
  const [block] = blocksOf('# Page\n\n```sh run\ntrue\nfalse\n```\n')
  const ran = await openShell().run('\n'.repeat((block?.line ?? 0) - 1) + block?.text, 'docs/page.md')
  expect(ran).toMatchObject({ exit: 1, err: 'docs/page.md:5 fails\n' })
})

test('every link leads to a file, and every anchor to a heading', () => {
  const byPath = new Map(pages.map((page) => [page.path, page]))
  const isFile = (path: string) => existsSync(join(root, path))
  expect(pages.flatMap((page) => brokenLinks(page, byPath, isFile))).toEqual([])
  const bad = '[a](b.md) [c](#d) [e](http://example.com) `[f](g)`\n# D e\n[h](#d-e)'
  const page = { path: 'docs/page.md', text: bad, blocks: [] }
  expect(brokenLinks(page, new Map([[page.path, page]]), (path) => path === page.path)).toEqual([
    'docs/page.md: b.md leads nowhere',
    'docs/page.md: #d names no heading',
    'docs/page.md: http://example.com is no https address',
  ])
})

test('commands to paste have no remark behind them: zsh, the shell of macOS, takes it for arguments', () => {
  const remarks = (text: string) => text.split('\n').filter((line) => /^[a-z].*\s#\s/.test(line))
  const found = pages.flatMap(({ path, text, blocks }) =>
    blocks
      // What a file of an export holds stands there as it is written.
      .filter(
        ({ info, line }) => /^sh\b/.test(info) && !/^<!-- example/.test(text.split('\n')[line - 3] ?? ''),
      )
      .flatMap((block) => remarks(block.text).map((line) => `${path}: ${line}`)),
  )
  expect(found).toEqual([])
  expect(remarks('npm start   # try it\n# alone\nls')).toEqual(['npm start   # try it'])
})

test('a page whose commands leave --sandbox out says how to try them', () => {
  const silent = runnable.filter(({ text, blocks }) => {
    const lines = blocks.flatMap((block) => (block.info === 'sh run' ? block.text.split('\n') : []))
    const live = lines.filter((line) => /^mlflow-iam (plan|apply|show|verify|init)/.test(line))
    return live.some((line) => !line.includes('--sandbox')) && !text.includes('](README.md#try-a-page)')
  })
  expect(silent.map(({ path }) => path)).toEqual([])
})

test('every YAML and JSON block parses, and whole grants files are valid', () => {
  const complaints = pages.flatMap(({ path, blocks }) =>
    blocks.flatMap(({ info, text, line }) => {
      const fail = (error: unknown) => [`${path}:${line}: ${error instanceof Error ? error.message : error}`]
      try {
        if (info.startsWith('json')) JSON.parse(text)
        if (info.startsWith('yaml')) {
          const [broken] = parseAllDocuments(text).flatMap((document) => document.errors)
          if (broken) return fail(broken)
          if (/^version: 1$/m.test(text)) parseGrants(text, 'grants.yaml')
        }
        for (const [, file = ''] of text.matchAll(/cat > grants\.yaml <<'EOF'\n([\s\S]*?)\nEOF/g)) {
          parseGrants(file, 'grants.yaml')
        }
        return []
      } catch (error) {
        return fail(error)
      }
    }),
  )
  expect(complaints).toEqual([])
})

test('the page on JSON names the keys that are printed, and every exit code', async () => {
  const page = readPage('docs/guide/exit-codes-and-json.md').text
  const place = openPlace()
  copyFileSync(join(examples, 'team.yaml'), join(place.folder, 'grants.yaml'))
  writeFileSync(join(place.folder, 'train.py'), 'import mlflow\nmlflow.log_metric("loss", 1)\n')
  for (const [command, ...args] of [
    ['plan', '-f', 'grants.yaml', '--sandbox'],
    ['show', '--sandbox'],
    ['verify', '-f', 'grants.yaml', '--sandbox'],
    ['explain', 'LogMetric'],
    ['suggest', 'train.py'],
    ['catalog personas'],
    ['catalog functions'],
  ] as const) {
    const { out } = await place.run(...command.split(' '), ...args, '--json')
    const row = page.split('\n').find((line) => line.startsWith(`| \`${command}\` |`)) ?? ''
    const named = [...row.slice(row.indexOf('|', 2)).matchAll(/`([a-z]\w*)`/g)].map((match) => match[1])
    const printed = Object.keys(JSON.parse(out)).filter((key) => key !== 'version')
    expect(named, command).toEqual(expect.arrayContaining(printed))
    expect([command, named.filter((name) => !out.includes(`"${name}"`))]).toEqual([command, []])
  }
  const codes = [...page.matchAll(/^\| (\d+) \|/gm)].map((match) => match[1])
  expect(codes).toEqual(Object.keys(exitCodeMeanings))
}, 120_000)

for (const file of ['github-actions.yml', 'gitlab-ci.yml']) {
  withBash(
    `the jobs of ${file} run one after the other`,
    async () => {
      const text = readFileSync(join(root, 'docs/guide/ci', file), 'utf8')
      const lines = commandLines(parse(text))
      expect(lines.length).toBeGreaterThanOrEqual(6)
      const shell = openShell()
      shell.bring('team.yaml')
      for (const line of lines) {
        const ran = await shell.run(line.replaceAll('npx --yes mlflow-iam', 'mlflow-iam'), file)
        expect(ran.exit, `${line}\n${ran.err}${ran.out}`).toBe(0)
      }
      expect(readFileSync(join(shell.place.folder, 'verify.xml'), 'utf8')).toContain('<testsuite')
    },
    240_000,
  )
}

/** The lines of a workflow file that call the program, in order. */
function commandLines(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.includes('mlflow-iam ') ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(commandLines)
}

/** Any credentials will do; HOME is the place's own. pyenv's `aws` must still find its Python. */
const awsSettings: NodeJS.ProcessEnv = {
  AWS_ACCESS_KEY_ID: 'sandbox',
  AWS_SECRET_ACCESS_KEY: 'sandbox',
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_PAGER: '',
  ...(process.env.PYENV_ROOT ? { PYENV_ROOT: process.env.PYENV_ROOT } : {}),
}

interface Shell {
  readonly place: Place
  bring(example: string): void
  run(script: string, name: string): Promise<Ran>
  /** Puts this shell's sandbox on a port; returns the address. With settings, `aws` talks to it by itself. */
  serve(options: { readonly settings: boolean }): Promise<string>
}

/** Bash in an empty folder where `mlflow-iam` is the built program, on a sandbox of its own. */
function openShell(): Shell {
  const place = openPlace()
  const bin = join(place.folder, 'state/bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(
    join(bin, 'mlflow-iam'),
    `#!/usr/bin/env bash
case " $* " in *' --sandbox '* | *' --offline '* | *' --snapshot '*) ;; *) set -- "$@" --sandbox ;; esac
exec '${process.execPath}' '${program}' "$@"
`,
    { mode: 0o755 },
  )
  let aws: NodeJS.ProcessEnv = {}
  const env = place.env({
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    ACCOUNT_ALIAS: 'ml-sandbox',
    LC_ALL: 'C.UTF-8',
  })
  return {
    place,
    bring: (example) => copyFileSync(join(examples, example), join(place.folder, 'grants.yaml')),
    run(script, name) {
      const file = join(place.folder, 'state/block.sh')
      writeFileSync(file, script)
      const report = `trap 'echo "${name}:$LINENO fails" >&2' ERR; . '${file}'`
      return runCommand('bash', ['-eEo', 'pipefail', '-c', report], {
        cwd: place.folder,
        env: { ...env, ...aws },
      })
    },
    async serve({ settings }) {
      const served = await startServer(process.execPath, [program, 'sandbox', 'serve'], env)
      onTestFinished(served.stop)
      if (settings) {
        aws = { ...awsSettings, AWS_ENDPOINT_URL: served.url }
        const resident = await placeAws(bin, { ...env, ...aws })
        onTestFinished(() => resident?.stop())
      }
      return served.url
    },
  }
}
