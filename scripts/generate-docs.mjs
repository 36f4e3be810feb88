// Writes the reference pages of the guide from what the program itself runs on: node scripts/generate-docs.mjs
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { renderCommands } from './docs/commands-page.mjs'
import { renderGrantsFile } from './docs/grants-file-page.mjs'
import { renderPersonas } from './docs/personas-page.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const guide = join(root, 'docs/guide')

/** The generated pages: file name in the guide, and its whole text. */
export async function renderDocs() {
  const source = await loadSource()
  return {
    'personas.md': renderPersonas(source),
    'grants-file.md': renderGrantsFile(source),
    'commands.md': renderCommands(source),
  }
}

/** What the pages are made from. Node 20 reads no TypeScript, so it is bundled first; commands stay unloaded. */
export async function loadSource() {
  mkdirSync(join(root, 'apps/cli/build'), { recursive: true })
  const folder = mkdtempSync(join(root, 'apps/cli/build/docs-'))
  try {
    const outfile = join(folder, 'source.mjs')
    await build({
      stdin: {
        contents: `
          export { commands } from './src/commands/index.ts'
          export { flags, globalFlags } from './src/commands/flags.ts'
          export { exitCodeMeanings } from './src/output/help.ts'
          export { builtInPersonas } from '@mlflow-iam/core/personas/built-in'
          export { actionGroups, mlflowActions } from '@mlflow-iam/core/catalog/actions'
          export { grantsJsonSchema } from '@mlflow-iam/core/grants/json-schema'`,
        resolveDir: join(root, 'apps/cli'),
        loader: 'ts',
      },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      define: { __VERSION__: '"0"' },
      logLevel: 'error',
      plugins: [
        {
          name: 'leave-out-what-commands-load',
          setup: ({ onResolve }) =>
            onResolve({ filter: /./ }, ({ kind, path }) =>
              kind === 'dynamic-import' ? { path, external: true } : undefined,
            ),
        },
      ],
    })
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The pages as they are in the repository; an absent one is empty. */
export function readDocs(names) {
  return Object.fromEntries(
    names.map((name) => {
      try {
        return [name, readFileSync(join(guide, name), 'utf8')]
      } catch {
        return [name, '']
      }
    }),
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of Object.entries(await renderDocs())) writeFileSync(join(guide, name), text)
}
