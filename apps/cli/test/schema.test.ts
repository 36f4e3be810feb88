import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { builtInPersonas } from '@mlflow-iam/core/personas/built-in'
import { expect, test } from 'vitest'
import { openEditor } from './language-server.ts'
import { examples, openPlace, program } from './run-program.ts'

const published = join(dirname(program), 'grants.schema.json')
const modeline = '# yaml-language-server: $schema=./grants.schema.json\n'
const start = `${modeline}version: 1\nname: ml-platform\nservers:\n  ml-dev: {}\n`

/** A folder with the schema beside the file, as the guide says, and an editor in it. */
async function openFolder() {
  const place = openPlace()
  copyFileSync(published, join(place.folder, 'grants.schema.json'))
  return { place, file: join(place.folder, 'grants.yaml'), editor: await openEditor() }
}

test('the package carries the schema that help prints', async () => {
  expect(existsSync(published)).toBe(true)
  const { out } = await openPlace().run('help', 'schema')
  expect(JSON.parse(readFileSync(published, 'utf8'))).toEqual(JSON.parse(out))
})

test('an editor offers persona names, actions and keys', async () => {
  const { file, editor } = await openFolder()
  const personas = await editor.complete(file, `${start}grants:\n  - to: user/ana\n    persona: ‸\n`)
  expect(personas).toEqual(expect.arrayContaining(builtInPersonas.map(({ name }) => name)))
  const actions = await editor.complete(
    file,
    `${start}grants:\n  - to: user/ana\n    persona: viewer\n    add:\n      - ‸\n`,
  )
  expect(actions).toEqual(expect.arrayContaining(['DeleteRun', 'LogMetric', 'AccessUI']))
  const keys = await editor.complete(file, `${start}grants:\n  - to: user/ana\n    ‸\n`)
  expect(keys).toEqual(expect.arrayContaining(['persona', 'on', 'add', 'remove', 'until', 'when']))
}, 60_000)

test('an editor marks a mistake where it stands, and says what a key is for', async () => {
  const { file, editor } = await openFolder()
  const marks = await editor.open(file, `${start}grants:\n  - to: user/ana\n    personna: viewer\n`)
  expect(marks.map(({ range, message }) => [range.start.line, message])).toEqual(
    expect.arrayContaining([[7, expect.stringContaining('personna')]]),
  )
  expect(await editor.hover(file, 2, 1)).toContain('Owner mark')
  const wrong = await editor.open(file, `${start}partition: aws-cn\n`)
  expect(wrong.map(({ range }) => range.start.line)).toEqual([5])
}, 60_000)

test('an editor marks nothing in the examples', async () => {
  const { place, editor } = await openFolder()
  const names = readdirSync(examples).filter((name) => name.endsWith('.yaml'))
  expect(names.length).toBeGreaterThanOrEqual(2)
  for (const name of names) {
    const text = modeline + readFileSync(join(examples, name), 'utf8')
    expect(await editor.open(join(place.folder, name), text), name).toEqual([])
  }
}, 60_000)
