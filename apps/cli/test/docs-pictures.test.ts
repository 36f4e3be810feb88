import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
// @ts-expect-error a script, which has no types
import { shootWizard } from '../../../scripts/shoot-wizard.mjs'
import { root } from './doc-pages.ts'
import { program } from './run-program.ts'

test('the pictures show the wizard as it is; node scripts/shoot-wizard.mjs takes them anew', async () => {
  const pictures = (await shootWizard(program)) as Record<string, string>
  expect(Object.keys(pictures)).toEqual(['access.svg', 'preview.svg'])
  for (const [name, text] of Object.entries(pictures)) {
    // Lines of text first: a difference in them is the one to read.
    const kept = readFileSync(join(root, 'docs/images', name), 'utf8')
    expect(words(text), name).toEqual(words(kept))
    expect(text, name).toBe(kept)
  }
}, 120_000)

function words(svg: string): readonly string[] {
  return svg.split('\n').map((line) => line.replaceAll('</tspan>', ' ').replaceAll(/<[^>]*>/g, ''))
}
