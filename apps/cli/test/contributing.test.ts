import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readPage, root } from './doc-pages.ts'

const page = readPage('CONTRIBUTING.md')
const map = page.blocks[0]?.text ?? ''
/** What stands between backticks outside the blocks, over line ends too. */
const quoted = (text: string) =>
  [...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`]+)`/g)].map(([, inside = '']) =>
    inside.replaceAll(/\s+/g, ' '),
  )

/** Every path of the map, from the root. */
function mapped(text: string): readonly string[] {
  let room = ''
  return text.split('\n').map((line) => {
    const [name = ''] = line.trim().split(' ')
    if (!line.startsWith(' ')) room = name
    return line.startsWith(' ') ? room + name : name
  })
}

/** Quoted words that lead to a file of this repository, and scripts that a quoted command runs. */
function named(text: string): readonly string[] {
  return quoted(text).flatMap((words) =>
    words
      .replace(/^(node|npx|cd) /, '')
      .split(' ')
      .filter((word) => /^(apps|packages|scripts|docs|\.github|\.changeset)\/[\w./-]*$/.test(word)),
  )
}

test('every file and folder that the page names is there', () => {
  const paths = [...mapped(map), ...named(page.text)]
  expect(paths.length).toBeGreaterThan(50)
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
  const wrong = 'Add it to `packages/core/src/gone.ts`, run `node scripts/gone.mjs`.'
  expect(named(wrong)).toEqual(['packages/core/src/gone.ts', 'scripts/gone.mjs'])
})

test('the map shows every folder of the app and of core', () => {
  const paths = mapped(map)
  for (const room of ['apps/cli/src/', 'packages/core/src/']) {
    for (const entry of readdirSync(join(root, room), { withFileTypes: true })) {
      if (entry.isDirectory()) expect(paths).toContain(`${room}${entry.name}/`)
    }
  }
})

test('every command that the page names can be run', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const commands = quoted(page.text).filter((words) => /^(npm|npx|node|cd) /.test(words))
  expect(commands.length).toBeGreaterThan(12)
  for (const command of commands) {
    const [program, ...words] = command.split(' ')
    const rest = words.filter((word) => word !== 'run')
    if (program === 'npm') expect(['pack', 'test', 'start', ...Object.keys(scripts)]).toContain(rest[0])
    if (program === 'node' || program === 'cd')
      expect(existsSync(join(root, words[0] ?? '')), command).toBe(true)
    if (program === 'npx')
      expect(existsSync(join(root, 'node_modules/.bin', words[0] ?? '')), command).toBe(true)
    const tested = words.find((word) => /^(src|test)\/[\w./-]+$/.test(word))
    if (tested) {
      expect(
        ['apps/cli', 'packages/core'].some((folder) => existsSync(join(root, folder, tested))),
        command,
      ).toBe(true)
    }
  }
})

test('the names in the recipes are those of the code', () => {
  const where: Readonly<Record<string, string>> = {
    OperationInputs: 'packages/core/src/plan/operation.ts',
    exportFormats: 'packages/core/src/export/exporter.ts',
    screenIds: 'apps/cli/src/wizard/model.ts',
    walk: 'apps/cli/src/plain/run-plain.ts',
    UPDATE_GUIDE: 'packages/core/src/export/guide.test.ts',
  }
  for (const [name, path] of Object.entries(where)) {
    expect(page.text).toMatch(new RegExp(`\`${name}\\b`))
    expect(readFileSync(join(root, path), 'utf8'), path).toMatch(new RegExp(`\\b${name}\\b`))
  }
})
