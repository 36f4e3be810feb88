import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { program } from '../run-program.ts'
import { keys } from './drive.ts'
import { openTerminalPlace, type Terminal } from './terminal.ts'

const { enter, down, right, tab, space, ctrlC } = keys
const minute = 120_000

if (!existsSync(program)) throw new Error('The program is not built: npm run build')

/** Resolves when the file holds the text. */
async function onDisk(path: string, text: string): Promise<void> {
  while (!(await readFile(path, 'utf8')).includes(text))
    await new Promise((resolve) => setTimeout(resolve, 20))
}

/** From the first frame to the grid, with two users in it. */
async function toAccess(terminal: Terminal): Promise<void> {
  await terminal.see('What would you like to do?')
  terminal.type(enter)
  await terminal.see('change IAM')
  terminal.type(enter)
  await terminal.see('Two service roles')
  terminal.type(enter)
  await terminal.see('3 ticked')
  terminal.type(enter)
  await terminal.see('Who gets access?')
  terminal.type(space + down + space + enter)
  await terminal.see('2 rows')
  await terminal.see('0 → 0 actions')
}

test(
  'keys alone lead from the first frame to access that is applied and verified; the shell is as it was',
  async () => {
    const place = openTerminalPlace()
    const terminal = place.open(['--sandbox'], { before: 'echo "a line of the shell"; ' })
    await toAccess(terminal)
    expect(terminal.isAlternate()).toBe(true)
    // One burst: two cells, then the next step.
    terminal.type(`2${right}1>`)
    await terminal.see('create policy')
    terminal.type('A')
    await terminal.see('Go back, change nothing')
    terminal.type(tab + enter)
    await terminal.see('enter checks that AWS agrees')
    terminal.type(enter)
    await terminal.see('2 as planned · 0 more than planned · 0 different')
    terminal.type('q')
    expect((await terminal.ended).exitCode).toBe(0)
    expect(terminal.isAlternate()).toBe(false)
    expect(terminal.screen()).toContain('a line of the shell')
    expect(terminal.screen()).toMatch(/\d+ of \d+ done in \d+ s in ml-sandbox\./)
    expect(terminal.screen()).toContain('Undo: mlflow-iam rollback mlflow-iam-')
    const bytes = terminal.written()
    expect(bytes).not.toContain('\u001b[3J')
    expect(bytes).not.toMatch(/\u001b\[\?100[0236]h/)
    expect(bytes.lastIndexOf('\u001b[?25h')).toBeGreaterThan(bytes.lastIndexOf('\u001b[?25l'))
  },
  minute,
)

test(
  'a draft survives kill -9 and opens at the same step, cursor and cells',
  async () => {
    const place = openTerminalPlace()
    const first = place.open(['--sandbox'])
    await toAccess(first)
    first.type(`2${down}${right}4`)
    await first.see('ben is now Model approver on ml-prod')
    first.type('d')
    await first.see('d diff: now, after')
    first.type('dd')
    await first.see(/d diff: after/)
    const body = (screen: string) => screen.split('\n').slice(3).join('\n')
    const before = body(first.screen())
    await onDisk(join(place.folder, 'state/mlflow-iam/drafts/ml-platform.yaml'), 'model-approver')
    first.kill('SIGKILL')
    await first.ended
    const second = place.open(['--sandbox', '--resume', 'ml-platform'])
    await second.see('0 → 27 actions')
    expect(body(second.screen())).toBe(before)
    second.type(ctrlC)
    await second.see('Leave the wizard?')
    second.type(ctrlC)
    expect((await second.ended).exitCode).toBe(130)
  },
  minute,
)

test(
  'Ctrl-C twice leaves with 130, the terminal as it was and the way back on it',
  async () => {
    const place = openTerminalPlace()
    const terminal = place.open(['--sandbox'], { before: 'echo above; ' })
    await terminal.see('What would you like to do?')
    terminal.type(enter)
    await terminal.see('You are')
    terminal.type(ctrlC + ctrlC)
    expect((await terminal.ended).exitCode).toBe(130)
    expect(terminal.screen()).toContain('above')
    expect(terminal.screen()).toContain('mlflow-iam --resume ml-platform')
    expect(terminal.screen()).not.toMatch(/at .*\.js:\d+/)
    expect(terminal.written().trimEnd()).not.toMatch(/\u001b\[\?25l$/)
    expect(terminal.written().lastIndexOf('\u001b[?2004l')).toBeGreaterThan(
      terminal.written().lastIndexOf('\u001b[?2004h'),
    )
  },
  minute,
)

test(
  'resizing redraws in place: no line left over, the same focus, and a small window heals',
  async () => {
    const place = openTerminalPlace()
    const terminal = place.open(['--sandbox'], { columns: 120, rows: 40 })
    await toAccess(terminal)
    terminal.type('2')
    await terminal.see('0 → 44 actions')
    const wide = terminal.screen()
    terminal.resize(80, 24)
    await terminal.see(/^.{0,79}\n(.*\n){21}.*\? help/)
    expect(terminal.screen().split('\n')).toHaveLength(23)
    terminal.resize(60, 16)
    await terminal.see('step 5 of 8')
    expect(terminal.screen().split('\n').length).toBeLessThanOrEqual(15)
    terminal.resize(52, 14)
    await terminal.see('This window is 52x14')
    terminal.resize(120, 40)
    await terminal.see('as assumed-role/Admin/ana')
    await terminal.see('0 → 44 actions')
    // What the terminal remembers above the screen is not ours to erase.
    expect(terminal.written()).not.toContain('\u001b[3J')
    expect(terminal.screen()).toBe(wide.replace(/ana is now .*u undoes\./, (said) => said))
    terminal.type(ctrlC + ctrlC)
    expect((await terminal.ended).exitCode).toBe(130)
  },
  minute,
)

test(
  'a window of 47 columns neither crashes nor loses the draft',
  async () => {
    const place = openTerminalPlace()
    const first = place.open(['--sandbox'])
    await toAccess(first)
    first.type('q')
    await first.see('Leave the wizard?')
    first.type(enter)
    expect((await first.ended).exitCode).toBe(0)
    const small = place.open(['--sandbox', '--resume', 'ml-platform'], { columns: 47, rows: 20 })
    await small.see('This window is 47x20')
    small.resize(80, 24)
    await small.see('2 rows')
    small.type(ctrlC + ctrlC)
    expect((await small.ended).exitCode).toBe(130)
  },
  minute,
)

test(
  'NO_COLOR and --ascii give the same screens without a colour code or a character beyond ASCII',
  async () => {
    const place = openTerminalPlace()
    const terminal = place.open(['--sandbox', '--ascii'], { env: { NO_COLOR: '1' } })
    await terminal.see('What would you like to do?')
    terminal.type(enter)
    await terminal.see('change IAM')
    terminal.type(ctrlC + ctrlC)
    await terminal.ended
    const bytes = terminal.written()
    expect(bytes).not.toMatch(/\u001b\[(?:3[0-9]|9[0-7]|4[0-9])m/)
    expect([...bytes].every((character) => character <= '~')).toBe(true)
  },
  minute,
)

test(
  'with ACCESSIBLE the whole run is lines: no cursor movement, from start to verified',
  async () => {
    const place = openTerminalPlace()
    const terminal = place.open(['--sandbox'], { env: { ACCESSIBLE: '1' }, rows: 60 })
    const answer = async (question: string, text: string) => {
      await terminal.see(new RegExp(`${question}[^\\n]*$`))
      terminal.type(`${text}\r`)
    }
    await answer('Profile', '1')
    await answer('Tracking server role', '')
    await answer('SageMaker AI role', 'skip')
    await answer('Artifact buckets', '')
    await answer('Servers', 'ml-dev')
    await answer('name them by', '')
    await answer('People:', 'user/ana')
    await answer('People:', 'done')
    await answer('Access:', 'set viewer on all for all')
    await answer('Access:', 'done')
    await answer('Preview:', 'apply')
    await answer('to apply', 'yes')
    await terminal.see('1 as planned. 0 more than planned. 0 different.')
    expect((await terminal.ended).exitCode).toBe(0)
    expect(terminal.written()).not.toContain('\u001b')
  },
  minute,
)

test(
  'P goes on in plain mode with the same draft, also where the window is too small for anything else',
  async () => {
    const place = openTerminalPlace()
    const terminal = place.open(['--sandbox'])
    await toAccess(terminal)
    terminal.resize(52, 14)
    await terminal.see('This window is 52x14')
    terminal.type(`2P`)
    await terminal.see('plain mode')
    await terminal.see('Going on where you were;')
    await terminal.see(/ Access$/)
    // No word is broken where the window is narrow.
    expect(terminal.screen()).toContain('\nchanges in AWS until you confirm at step 7.')
    terminal.type('quit\r')
    await terminal.see('mlflow-iam --resume ml-platform')
    expect((await terminal.ended).exitCode).toBe(0)
  },
  minute,
)

test(
  'suspended with Ctrl-Z the shell has its screen back, and fg brings the wizard back as it was',
  async () => {
    const place = openTerminalPlace()
    const terminal = place.open(['--sandbox'], { shell: true })
    terminal.type(`echo first line; "${process.execPath}" "${program}" --sandbox\r`)
    await terminal.see('What would you like to do?')
    terminal.type(down)
    await terminal.see('❯ Open a grants file')
    terminal.type('\u001a')
    await terminal.see('Stopped')
    expect(terminal.isAlternate()).toBe(false)
    expect(terminal.screen()).toContain('first line')
    terminal.type('fg\r')
    await terminal.see('❯ Open a grants file')
    expect(terminal.isAlternate()).toBe(true)
    terminal.type('q')
    await terminal.see('first line')
    terminal.type('exit\r')
    await terminal.ended
  },
  minute,
)
