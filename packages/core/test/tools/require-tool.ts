import { spawnSync } from 'node:child_process'
import { test } from 'vitest'

const found = new Map<string, boolean>()

/**
 * `test`, where these programs are on this machine. Where one is missing the tests are skipped and a line says so;
 * under `CONFORMANCE=required` they fail instead.
 */
export function testWith(...tools: readonly string[]): typeof test {
  const missing = tools.filter((tool) => !isThere(tool))
  if (missing.length === 0) return test
  const line = `${missing.join(', ')} not found`
  if (process.env.CONFORMANCE === 'required') {
    return ((title: string) =>
      test(title, () => {
        throw new Error(`${line}, and CONFORMANCE=required allows no skipping`)
      })) as typeof test
  }
  process.stderr.write(`skipped: ${line}\n`)
  return test.skip as typeof test
}

function isThere(tool: string): boolean {
  const known = found.get(tool)
  if (known !== undefined) return known
  const [command, ...words] = tool === 'moto' ? ['python3', '-c', 'import moto.server'] : [tool, '--version']
  const answer = spawnSync(command ?? '', words, { stdio: 'ignore' }).status === 0
  found.set(tool, answer)
  return answer
}
