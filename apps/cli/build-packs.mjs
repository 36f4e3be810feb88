// Turns esbuild's many ES module chunks into few CommonJS files. Reading a file and linking a module cost far more
// than the code in them: Node starts a CommonJS file in half the time, and each command then needs two or three.
import { dirname, relative } from 'node:path'
import { build } from 'esbuild'

/**
 * Sorts the chunks into packs. Each layer takes what its entries load and no earlier layer has; what only one other
 * entry loads goes with that entry; what several share stays a file of its own. A pack so needs only earlier ones.
 */
export function sortIntoPacks(outputs, layers) {
  const packOf = new Map()
  for (const [pack, entries] of Object.entries(layers)) {
    for (const entry of entries) {
      for (const path of loadedWith(outputs, chunkOfEntry(outputs, entry))) {
        if (!packOf.has(path)) packOf.set(path, pack)
      }
    }
  }
  const usedBy = new Map()
  const entries = Object.keys(outputs).filter((path) => outputs[path].entryPoint && !packOf.has(path))
  for (const entry of entries) {
    for (const path of loadedWith(outputs, entry)) {
      if (!packOf.has(path)) usedBy.set(path, [...(usedBy.get(path) ?? []), entry])
    }
  }
  for (const [path, users] of usedBy) packOf.set(path, users.length === 1 ? users[0] : path)
  return packOf
}

function chunkOfEntry(outputs, entry) {
  const found = Object.keys(outputs).find((path) => outputs[path].entryPoint?.endsWith(entry))
  if (found === undefined) throw new Error(`${entry} is no entry of the bundle`)
  return found
}

/** A chunk and all that is loaded before it runs. */
function loadedWith(outputs, path, seen = new Set()) {
  if (seen.has(path)) return seen
  seen.add(path)
  for (const each of outputs[path].imports) {
    if (each.kind === 'import-statement' && !each.external) loadedWith(outputs, each.path, seen)
  }
  return seen
}

const importStatement = /import(?:\{([^}]*)\}from)?"(\.[^"]+)"/g
const dynamicImport = /import\("(\.[^"]+)"\)/g

/**
 * Bundles each pack. `texts` holds the chunks by the paths that `outputs` knows them by. Gives the text of each pack
 * and a description in the form of a metafile, whose outputs are the packs.
 */
export async function buildPacks({ outputs, texts, layers, settings }) {
  const packOf = sortIntoPacks(outputs, layers)
  const paths = [...packOf.keys()].sort()
  const prefixOf = new Map(paths.map((path, index) => [path, `_${index.toString(36)}_`]))
  checkStatements(outputs, texts)
  const wanted = wantedExports(texts, packOf)
  const packs = [...new Set(packOf.values())].sort()
  const built = await Promise.all(
    packs.map(async (pack) => {
      const own = paths.filter((path) => packOf.get(path) === pack)
      const result = await build({
        ...settings,
        stdin: { contents: entryOf(own, { prefixOf, wanted, outputs }), resolveDir: '/', sourcefile: 'pack' },
        bundle: true,
        write: false,
        minify: true,
        format: 'cjs',
        platform: 'node',
        metafile: true,
        legalComments: 'none',
        logLevel: 'warning',
        define: { 'import.meta.url': 'fileUrl' },
        supported: { 'dynamic-import': false },
        plugins: [chunkPlugin({ pack, packOf, prefixOf, outputs, texts })],
      })
      return [pack, withFileUrl(result.outputFiles[0].text), own]
    }),
  )
  return {
    files: new Map(built.map(([pack, text]) => [pack, text])),
    described: Object.fromEntries(
      built.map(([pack, text, own]) => [pack, describe(text, own, { outputs, packOf })]),
    ),
  }
}

/** What other packs take from each chunk: a set of names, and `*` where the chunk is loaded as a whole, later. */
function wantedExports(texts, packOf) {
  const wanted = new Map([...packOf.keys()].map((path) => [path, new Set()]))
  for (const [path, text] of texts) {
    for (const [, names, from] of text.matchAll(importStatement)) {
      const target = resolveFrom(path, from)
      if (packOf.get(target) === packOf.get(path)) continue
      for (const name of (names ?? '').split(',').filter(Boolean)) {
        wanted.get(target).add(name.split(' as ')[0].trim())
      }
    }
    for (const [, from] of text.matchAll(dynamicImport)) wanted.get(resolveFrom(path, from)).add('*')
  }
  return wanted
}

/** The statements are found by their looks, so what was found has to be what esbuild says is there. */
function checkStatements(outputs, texts) {
  for (const [path, text] of texts) {
    const found = [...text.matchAll(importStatement), ...text.matchAll(dynamicImport)]
    const said = outputs[path].imports.filter(({ external, kind }) => !external && kind !== 'file-loader')
    const list = (targets) => [...new Set(targets)].sort().join()
    if (list(found.map((each) => resolveFrom(path, each.at(-1)))) !== list(said.map((each) => each.path))) {
      throw new Error(`${path} imports otherwise than expected: ${list(said.map((each) => each.path))}`)
    }
  }
}

function entryOf(own, { prefixOf, wanted, outputs }) {
  const lines = own.map((path) => {
    const prefix = prefixOf.get(path)
    const names = [...wanted.get(path)].filter((name) => name !== '*').sort()
    for (const name of names) {
      if (!outputs[path].exports.includes(name)) throw new Error(`${path} does not export ${name}`)
    }
    return [
      `import "${path}";`,
      names.length > 0 && `export {${names.map((name) => `${name} as ${prefix}${name}`)}} from "${path}";`,
      wanted.get(path).has('*') && `export * as ${prefix} from "${path}";`,
    ]
  })
  return lines.flat().filter(Boolean).join('\n')
}

/** Chunks of the same pack come in as they are; those of others by way of the file that holds them. */
function chunkPlugin({ pack, packOf, prefixOf, outputs, texts }) {
  return {
    name: 'packs',
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, importer, namespace, kind }) => {
        if (namespace === 'other' || kind === 'require-call') return { path, external: true }
        const target = namespace === 'chunk' && path.startsWith('.') ? resolveFrom(importer, path) : path
        if (!packOf.has(target)) return { path, external: true }
        return { path: target, namespace: packOf.get(target) === pack ? 'chunk' : 'other' }
      })
      build.onLoad({ filter: /.*/, namespace: 'chunk' }, ({ path }) => ({
        contents: texts.get(path).replace(dynamicImport, (_, from) => {
          const target = resolveFrom(path, from)
          const file = JSON.stringify(pathBetween(pack, packOf.get(target)))
          return `Promise.resolve().then(()=>require(${file}).${prefixOf.get(target)})`
        }),
      }))
      build.onLoad({ filter: /.*/, namespace: 'other' }, ({ path }) => {
        const names = outputs[path].exports.map((name) => `${prefixOf.get(path)}${name} as ${name}`)
        return { contents: `export {${names}} from ${JSON.stringify(pathBetween(pack, packOf.get(path)))}` }
      })
    },
  }
}

/** Files beside a pack are found through its own address. */
function withFileUrl(text) {
  if (!text.includes('fileUrl')) return text
  return `const fileUrl=require("node:url").pathToFileURL(__filename).href;${text}`
}

function describe(text, own, { outputs, packOf }) {
  const imports = own.flatMap((path) => outputs[path].imports)
  const others = new Map()
  for (const { path, kind, external } of imports) {
    if (external) continue
    const target = packOf.get(path)
    if (own.includes(path) && kind === 'import-statement') continue
    others.set(`${kind} ${target}`, { path: target, kind })
  }
  return {
    bytes: Buffer.byteLength(text),
    entryPoints: own.flatMap((path) => outputs[path].entryPoint ?? []),
    imports: [...others.values()],
    inputs: Object.assign({}, ...own.map((path) => outputs[path].inputs)),
  }
}

function resolveFrom(importer, path) {
  const parts = dirname(importer)
    .split('/')
    .filter((part) => part !== '.')
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

function pathBetween(from, to) {
  const path = relative(dirname(from), to)
  return path.startsWith('.') ? path : `./${path}`
}
