import { expect, test } from 'vitest'
import { loadSource, readDocs, renderDocs } from './generate-docs.mjs'

test('the reference pages say what the program does; node scripts/generate-docs.mjs writes them', async () => {
  const pages = await renderDocs()
  expect(readDocs(Object.keys(pages))).toEqual(pages)
  expect(pages['commands.md'].match(/^## /gm)?.length).toBeGreaterThan(15)
  expect(pages['grants-file.md']).toContain('| `until` |')
}, 60_000)

test('every action stands once in the table of personas', async () => {
  const { mlflowActions } = await loadSource()
  const page = (await renderDocs())['personas.md']
  const rows = [...page.matchAll(/^\| `([A-Z]\w+)` \|/gm)].map((match) => match[1])
  expect(rows).toEqual(mlflowActions.map(({ bare }) => bare))
}, 60_000)
