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
    for (const source of entries) {
      for (const path of loadedWith(outputs, chunkOf(outputs, source))) {
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

/** The chunk that a source opens or, where it opens none, the one that holds it. */
function chunkOf(outputs, source) {
  const paths = Object.keys(outputs)
  const holds = (path) => Object.keys(outputs[path].inputs).some((input) => input.endsWith(source))
  const found = paths.find((path) => outputs[path].entryPoint?.endsWith(source)) ?? paths.find(holds)
  if (found === undefined) throw new Error(`${source} is in no chunk of the bundle`)
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
export async function buildPacks({ outputs: all, texts: allTexts, layers, settings }) {
  checkStatements(all, allTexts)
  // What was only loaded by code that nothing calls is still there, and stays out.
  const needed = reachedFrom('mlflow-iam.js', allTexts)
  const outputs = Object.fromEntries(Object.entries(all).filter(([path]) => needed.has(path)))
  const texts = new Map([...allTexts].filter(([path]) => needed.has(path)))
  const packOf = sortIntoPacks(outputs, layers)
  const paths = [...packOf.keys()].sort()
  const prefixOf = new Map(paths.map((path, index) => [path, `_${index.toString(36)}_`]))
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
        plugins: [chunkPlugin({ pack, packOf, prefixOf, wanted, texts })],
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

function reachedFrom(path, texts, seen = new Set()) {
  if (seen.has(path)) return seen
  seen.add(path)
  const text = texts.get(path) ?? ''
  for (const found of [...text.matchAll(importStatement), ...text.matchAll(dynamicImport)]) {
    reachedFrom(resolveFrom(path, found.at(-1)), texts, seen)
  }
  return seen
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

/** What a pack gives to others, by getters: a binding may change after it was given. */
function entryOf(own, { prefixOf, wanted, outputs }) {
  const [imports, given] = [[], []]
  for (const path of own) {
    const prefix = prefixOf.get(path)
    const names = [...wanted.get(path)].sort()
    const missing = names.find((name) => name !== '*' && !outputs[path].exports.includes(name))
    if (missing !== undefined) throw new Error(`${path} does not export ${missing}`)
    imports.push(`import "${path}";`)
    for (const name of names) {
      const id = name === '*' ? prefix : `${prefix}${name}`
      imports.push(
        name === '*' ? `import * as ${id} from "${path}";` : `import {${name} as ${id}} from "${path}";`,
      )
      given.push(`${id}:()=>${id}`)
    }
  }
  if (given.length === 0) return imports.join('\n')
  const give =
    'for (const name in all) Object.defineProperty(exports, name, {get: all[name], enumerable: true})'
  return `${imports.join('\n')}\n{ const all = {${given}}; ${give} }`
}

/** Chunks of the same pack come in as they are; those of others by way of the file that holds them, read once. */
function chunkPlugin({ pack, packOf, prefixOf, wanted, texts }) {
  const fileOf = (target) => JSON.stringify(pathBetween(pack, target))
  return {
    name: 'packs',
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, importer, namespace, kind }) => {
        if (namespace === 'other' || kind === 'require-call') return { path, external: true }
        if (path.startsWith('pack:')) return { path: path.slice('pack:'.length), namespace: 'other' }
        const target = namespace === 'chunk' && path.startsWith('.') ? resolveFrom(importer, path) : path
        return packOf.has(target) ? { path: target, namespace: 'chunk' } : { path, external: true }
      })
      build.onLoad({ filter: /.*/, namespace: 'chunk' }, ({ path }) => ({
        contents: texts
          .get(path)
          .replace(importStatement, (statement, names, from) => {
            const target = resolveFrom(path, from)
            if (packOf.get(target) === pack) return statement
            const asked = (names ?? '').split(',').filter(Boolean)
            const list = asked.map((each) => {
              const [name, as = name] = each.trim().split(' as ')
              return `${prefixOf.get(target)}${name} as ${as}`
            })
            return `import{${list}}from"pack:${packOf.get(target)}"`
          })
          .replace(dynamicImport, (_, from) => {
            const target = resolveFrom(path, from)
            return `Promise.resolve().then(()=>require(${fileOf(packOf.get(target))}).${prefixOf.get(target)})`
          }),
      }))
      build.onLoad({ filter: /.*/, namespace: 'other' }, ({ path: other }) => {
        const names = [...packOf].flatMap(([path, holder]) =>
          holder === other
            ? [...wanted.get(path)]
                .filter((name) => name !== '*')
                .map((name) => `${prefixOf.get(path)}${name}`)
            : [],
        )
        return { contents: `export {${names}} from ${fileOf(other)}` }
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
