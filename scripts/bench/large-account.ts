// A sandbox account of many principals on a loopback port, in memory, until standard input ends.
import { createSandbox } from '../../packages/sandbox/src/sandbox.ts'
import { seedLarge } from '../../packages/sandbox/src/seed/seed-large.ts'
import { serveSandbox } from '../../packages/sandbox/src/serve.ts'

const principals = Number(process.argv[2])
const { url } = await serveSandbox(createSandbox({ state: seedLarge({ principals, servers: 20 }) }), {})
process.stdout.write(`${url}\n`)
process.stdin.resume().on('end', () => process.exit())
