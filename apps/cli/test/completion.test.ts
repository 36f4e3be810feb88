import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pty from '@lydell/node-pty'
import { expect, onTestFinished, test } from 'vitest'
import { testWith } from '../../../packages/core/test/tools/require-tool.ts'
import { commands } from '../src/commands/index.ts'
import { examples, openPlace, type Place, runCommand } from './run-program.ts'

/** What is typed before Tab, and the whole line after it. */
const cases: readonly (readonly [typed: string, completed: string])[] = [
  ['verif', 'verify'],
  ['plan --detailed', 'plan --detailed-exitcode'],
  ['plan --show ris', 'plan --show risk'],
  ['apply --on-error roll', 'apply --on-error rollback'],
  ['check -f gran', 'check -f grants.yaml'],
  ['apply pla', 'apply plan.json'],
  ['export --format cloud', 'export --format cloudformation'],
  ['catalog pers', 'catalog personas'],
  ['help environ', 'help environment'],
  ['help rollb', 'help rollback'],
  ['explain DeleteRu', 'explain DeleteRun'],
  ['show --server ml-sta', 'show --server ml-staging'],
  ['completion fis', 'completion fish'],
]

const setUp = {
  bash: 'bind "set bell-style none" 2>/dev/null; source ./script.bash',
  zsh: 'autoload -U compinit; compinit -D -u; source ./script.zsh',
}

for (const shell of ['bash', 'zsh'] as const) {
  testWith(shell)(
    `${shell} completes commands, flags, values, files, topics, actions and servers on Tab`,
    async () => {
      const place = await openFolder(shell)
      const ask = openShell(shell, place)
      await ask(`${setUp[shell]}; mlflow-iam ready\r`)
      const completed: string[] = []
      for (const [typed] of cases) completed.push(await ask(`mlflow-iam ${typed}\t\r`))
      expect(completed).toEqual(cases.map(([, line]) => line))
    },
    60_000,
  )
}

testWith('zsh')(
  'zsh finds it in a folder of fpath, from the first Tab on',
  async () => {
    const place = await openFolder('zsh')
    const folder = join(place.folder, 'functions')
    mkdirSync(folder)
    copyFileSync(join(place.folder, 'script.zsh'), join(folder, '_mlflow-iam'))
    const ask = openShell('zsh', place)
    await ask('fpath=($PWD/functions $fpath); autoload -U compinit; compinit -D -u; mlflow-iam ready\r')
    expect(await ask('mlflow-iam plan --detailed\t\r')).toBe('plan --detailed-exitcode')
  },
  60_000,
)

testWith('fish')(
  'fish completes commands, flags, values, files, topics, actions and servers on Tab',
  async () => {
    const place = await openFolder('fish')
    const lines = cases.map(([typed]) => `complete -C 'mlflow-iam ${typed}' | string split -f1 \\t`)
    const script = ['source ./script.fish', ...lines.flatMap((line) => [line, 'echo =='])].join('\n')
    const { out, err } = await runCommand('fish', ['--no-config', '-c', script], {
      cwd: place.folder,
      env: place.env(),
    })
    expect(err).toBe('')
    const offered = out.trim().split(/^==$/m)
    const last = cases.map(([, line]) => line.split(' ').at(-1) ?? '')
    expect(offered.slice(0, -1).map((text) => text.trim())).toEqual(last)
  },
  60_000,
)

testWith('bash')('bash lists every command, also after flags', async () => {
  const place = await openFolder('bash')
  const script = `source ./script.bash
COMP_WORDS=(mlflow-iam ''); COMP_CWORD=1; _mlflow_iam; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { out } = await runCommand('bash', ['--norc', '-c', script], { cwd: place.folder, env: place.env() })
  expect(out.split('\n')).toEqual(expect.arrayContaining(commands.map(({ name }) => name)))
})

testWith('shellcheck')('shellcheck finds nothing in the bash script', async () => {
  const place = await openFolder('bash')
  const args = ['-s', 'bash', 'script.bash']
  expect(await runCommand('shellcheck', args, { cwd: place.folder, env: place.env() })).toEqual({
    exit: 0,
    out: '',
    err: '',
  })
})

testWith('groff')('groff sets the manual page without a warning', async () => {
  const place = openPlace()
  writeFileSync(join(place.folder, 'mlflow-iam.1'), (await place.run('help', 'man')).out)
  const args = ['-k', '-man', '-ww', '-Tutf8', 'mlflow-iam.1']
  const { exit, out, err } = await runCommand('groff', args, { cwd: place.folder, env: place.env() })
  expect([exit, err]).toEqual([0, ''])
  for (const { name } of commands) expect(out).toContain(name)
})

test('each topic of help says something, and an unknown one names them all', async () => {
  const place = openPlace()
  const topics = commands.find(({ name }) => name === 'help')?.words ?? []
  expect(topics.length).toBeGreaterThan(6)
  for (const topic of topics) {
    const { exit, out } = await place.run('help', topic)
    expect([topic, exit, out.length > 200]).toEqual([topic, 0, true])
  }
  const { exit, err } = await place.run('help', 'nothing')
  expect(exit).toBe(3)
  for (const topic of topics) expect(err.replaceAll(/\s+/g, ' ')).toContain(topic)
}, 60_000)

/** A folder with the shell's script, a grants file and a plan to complete. */
async function openFolder(shell: string): Promise<Place> {
  const place = openPlace()
  writeFileSync(join(place.folder, `script.${shell}`), (await place.run('completion', shell)).out)
  copyFileSync(join(examples, 'team.yaml'), join(place.folder, 'grants.yaml'))
  writeFileSync(join(place.folder, 'plan.json'), '{}')
  return place
}

/** An interactive shell where `mlflow-iam` prints what it was given. Resolves with the next such line. */
function openShell(shell: 'bash' | 'zsh', place: Place): (keys: string) => Promise<string> {
  const child = pty.spawn(shell, shell === 'bash' ? ['--norc', '--noprofile', '-i'] : ['-f', '-i'], {
    name: 'dumb',
    cols: 200,
    rows: 50,
    cwd: place.folder,
    env: place.env({ TERM: 'dumb', LC_ALL: 'C.UTF-8' }) as Record<string, string>,
  })
  onTestFinished(() => child.kill('SIGKILL'))
  let written = ''
  let look: () => void = () => undefined
  child.onData((data) => {
    written += data
    look()
  })
  child.write(`mlflow-iam() { printf '<<%s>>\\n' "$*"; }\r`)
  return (keys) => {
    const from = written.length
    child.write(keys)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no answer to ${JSON.stringify(keys)}: ${written}`)),
        20_000,
      )
      look = () => {
        const answer = /<<(?!%s)(.*?)>>/.exec(written.slice(from))
        if (!answer) return
        clearTimeout(timer)
        resolve((answer[1] ?? '').trim())
      }
      look()
    })
  }
}
