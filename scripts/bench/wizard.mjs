import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { serveLarge } from './large-server.mjs'
import { median, row } from './measure.mjs'
import { sandboxEnv } from './start.mjs'
import { bareInTerminal, openTerminal } from './terminal.mjs'

const [enter, down, tab] = ['\r', '\u001b[B', '\t']
const question = 'What would you like to do?'

/** The wizard in a real pseudo-terminal: how soon it is there, and how soon it answers a key. */
export async function benchWizard(folder) {
  const server = await serveLarge(folder, 10_000)
  try {
    const large = { args: ['--endpoint-url', server.url], env: sandboxEnv(server.url) }
    return [...(await firstFrames(folder, large)), ...(await keyToFrame(folder, large))]
  } finally {
    await server.close()
  }
}

async function firstFrames(folder, large) {
  const times = { bare: [], small: [], large: [] }
  for (let round = 0; round < 11; round += 1) {
    times.bare.push(await bareInTerminal(folder))
    times.small.push(await firstFrame(folder, ['--sandbox'], {}))
    times.large.push(await firstFrame(folder, large.args, large.env))
  }
  const bare = median(times.bare)
  return [
    row('first wizard frame', median(times.small) / bare, 'x bare node', 3.5),
    row('… 10,000 principals', median(times.large) / bare, 'x bare node', 5),
  ]
}

async function firstFrame(folder, args, env) {
  const terminal = openTerminal(args, { cwd: mkdtempSync(join(folder, 'wizard-')), env })
  try {
    return await terminal.see(question)
  } finally {
    await terminal.close()
  }
}

/** Moves, scrolls and filters in the list of 9,000 roles. */
async function keyToFrame(folder, { args, env }) {
  const terminal = openTerminal(args, { cwd: mkdtempSync(join(folder, 'wizard-')), env })
  try {
    for (const shown of [question, 'change IAM', 'Two service roles', 'Which tracking servers?']) {
      await terminal.see(shown)
      terminal.type(enter)
    }
    await terminal.see('Who gets access?')
    terminal.type(`${tab}${tab}`)
    await terminal.see('[Roles 900')
    const moves = []
    for (let index = 0; index < 60; index += 1) moves.push(await terminal.frame(down))
    const filters = []
    await terminal.frame('/')
    for (const letter of 'job-0421') filters.push(await terminal.frame(letter))
    const times = [...moves, ...filters].map(({ milliseconds }) => milliseconds).sort((a, b) => a - b)
    const bytes = (frames) => Math.max(...frames.map((each) => each.bytes)) / 1024
    return [
      row('key to frame, 10,000 principals, median', median(times), 'ms', 16),
      row('… 95th percentile', times[Math.floor(times.length * 0.95)], 'ms', 40),
      row('bytes of a cursor move', bytes(moves.slice(0, 10)), 'KB', 1),
      row('bytes of a scroll or filter step', bytes([...moves, ...filters]), 'KB', 4),
    ]
  } finally {
    await terminal.close()
  }
}
