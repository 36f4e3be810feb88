import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serveLarge } from './large-server.mjs'
import { program, row, run } from './measure.mjs'
import { sandboxEnv } from './start.mjs'

const principals = 10_000
/** Prints the most memory that the program ever held, in KB, when it ends. */
const tellMemory =
  'data:text/javascript,process.on("exit",()=>console.error("maxRSS",process.resourceUsage().maxRSS))'

/** Memory and calls of a plan of ten thousand operations, in an account of as many principals. */
export async function benchLargeApply(folder) {
  const server = await serveLarge(folder, principals)
  try {
    const options = { cwd: folder, env: { ...sandboxEnv(server.url), XDG_STATE_HOME: folder } }
    writeFileSync(join(folder, 'large.yaml'), grantsFile())
    await run(process.execPath, [program, 'plan', '-f', 'large.yaml', '-o', 'large.json', '-q'], options)
    const args = ['--import', tellMemory, program, 'apply', 'large.json', '--confirm', 'ml-large', '--json']
    const applied = await run(process.execPath, args, options)
    const finished = JSON.parse(applied.out.trim().split('\n').at(-1) ?? '{}')
    const kilobytes = Number(/maxRSS (\d+)/.exec(applied.err)?.[1])
    return [
      row(`apply ${finished.done} operations`, applied.milliseconds / 1000, 's'),
      row('… peak memory', kilobytes / 1024, 'MB', 150),
    ]
  } finally {
    await server.close()
  }
}

/** A viewer of one server for every principal of the large account. */
function grantsFile() {
  const number = (index) => String(index).padStart(5, '0')
  const servers = Array.from({ length: 20 }, (_, index) => `  ml-${number(index)}: {}\n`)
  const grants = Array.from({ length: principals }, (_, index) => {
    const who = index % 10 === 0 ? `user/person-${number(index)}` : `role/job-${number(index)}`
    return `  - { to: ${who}, persona: viewer, on: ml-${number(index % 20)} }\n`
  })
  return `version: 1\nname: large\nregion: eu-west-1\nservers:\n${servers.join('')}grants:\n${grants.join('')}`
}
