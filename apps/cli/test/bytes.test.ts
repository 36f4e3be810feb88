import { createSandbox, seedLarge, serveSandbox } from '@mlflow-iam/sandbox'
import { expect, onTestFinished, test } from 'vitest'
import { keys } from './wizard/drive.ts'
import { openTerminalPlace, type Terminal } from './wizard/terminal.ts'

const { enter, down, right, tab, space, esc, ctrlC } = keys
const minutes = 240_000
const [frameBegins, frameEnds] = ['\u001b[?2026h', '\u001b[?2026l']
const [move, step] = [1024, 4096]

/** Whole screens that were wiped and drawn anew: a flicker, and a burden on a slow line. */
const clears = (written: string) => [...written.matchAll(/\u001b\[[23]?J|\u001bc/g)].length

/** Types one key; when what it does is on the screen and its frame is whole, the bytes that it took. */
async function bytesOf(terminal: Terminal, key: string, shows: RegExp | string): Promise<number> {
  const before = terminal.written().length
  const since = () => terminal.written().slice(before)
  const count = (mark: string) => since().split(mark).length - 1
  terminal.type(key)
  await terminal.see(shows)
  while (count(frameEnds) === 0 || count(frameBegins) > count(frameEnds)) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return Buffer.byteLength(since())
}

/** What one of these keys costs; a frame that the program drew for a reason of its own in between weighs little. */
const mean = (bytes: readonly number[]) => bytes.reduce((sum, each) => sum + each, 0) / bytes.length

test('a wiped screen would be seen', () => {
  expect(clears('\u001b[?2026h\u001b[2J\u001b[H\u001b[K\u001b[3Jx\u001b[J')).toBe(3)
  expect(clears('\u001b[?2026h\u001b[5A\u001b[K\u001b[2K\u001b[?25h')).toBe(0)
})

test(
  'in a large account a key costs few bytes: 1 KB a move, 4 KB a scroll or a filter step, and no screen is ever wiped',
  async () => {
    const { url, close } = await serveSandbox(
      createSandbox({ state: seedLarge({ principals: 3000, servers: 20 }) }),
      {},
    )
    onTestFinished(close)
    const terminal = openTerminalPlace().open([], {
      columns: 120,
      rows: 40,
      env: {
        AWS_ENDPOINT_URL: url,
        AWS_ACCESS_KEY_ID: 'sandbox',
        AWS_SECRET_ACCESS_KEY: 'sandbox',
        AWS_REGION: 'eu-west-1',
      },
    })
    for (const shown of [
      'What would you like to do?',
      'change IAM',
      'Two service roles',
      'Which tracking servers?',
    ]) {
      await terminal.see(shown)
      terminal.type(enter)
    }
    await terminal.see('Who gets access?')

    // The first key may still meet the end of the frame before it.
    await bytesOf(terminal, down, '❯ [ ] person-00010')
    const moves: number[] = []
    for (let row = 2; row <= 8; row += 1) {
      moves.push(
        await bytesOf(terminal, down, new RegExp(`❯ \\[ \\] person-0${String(row * 10).padStart(4, '0')}`)),
      )
    }
    expect(mean(moves)).toBeLessThanOrEqual(move)

    terminal.type(tab + tab)
    await terminal.see('[Roles 27')
    // A window's height down, and then each row more scrolls.
    terminal.type(down.repeat(40))
    await terminal.see(/❯ \[ \] job-00045 /)
    const scrolls: number[] = []
    for (const name of ['46', '47', '48', '49', '51', '52', '53', '54']) {
      scrolls.push(await bytesOf(terminal, down, new RegExp(`❯ \\[ \\] job-000${name} `)))
    }
    expect(mean(scrolls)).toBeLessThanOrEqual(step)

    const filters = [await bytesOf(terminal, '/', 'to filter')]
    for (const typed of ['j', 'jo', 'job', 'job-', 'job-0', 'job-02', 'job-021']) {
      filters.push(await bytesOf(terminal, typed.slice(-1), new RegExp(`/ ?${typed}`)))
    }
    expect(mean(filters)).toBeLessThanOrEqual(step)

    terminal.type(esc)
    await terminal.see('space tick')
    terminal.type(space + down + space + down + space + enter)
    await terminal.see('3 rows')
    const cells: number[] = []
    for (const key of [right, right, down, down]) cells.push(await bytesOf(terminal, key, '3 rows'))
    expect(mean(cells)).toBeLessThanOrEqual(step)

    expect(clears(terminal.written())).toBe(0)
    terminal.type(ctrlC + ctrlC)
    expect((await terminal.ended).exitCode).toBe(130)
  },
  minutes,
)
