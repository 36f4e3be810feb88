// The walls between rooms, as rules over parsed modules. Pure: `check-boundaries.mjs` reads the disk.
import { posix } from 'node:path'
import { parseSync } from 'oxc-parser'

const coreMayImport = [/^yaml$/, /^zod(\/|$)/, /^@noble\/hashes(\/|$)/, /^@lezer\//]
const coreHasNo = [
  'process',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'console',
  'globalThis',
  'crypto',
]
const drawingRooms = /^apps\/cli\/src\/(ui|screens|wizard)\//
const drawing = /^(react|ink)(\/|$)/
const sdk = /^(@aws-sdk|@smithy)\//

/** What one module imports and which globals it touches. Throws where the parser cannot read it. */
export function readModule(path, text) {
  const { program, errors } = parseSync(path, text)
  const fatal = errors.filter(({ severity }) => severity === 'Error')
  if (fatal.length > 0) throw new Error(`${path}: ${fatal[0].message}`)
  if (program.body.length === 0 && text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').trim() !== '') {
    throw new Error(`${path}: the parser saw nothing in it`)
  }
  const module = { path, imports: [], globals: [] }
  const declared = new Set()
  const used = []
  visit(program, undefined, (node, parent, key) => look(node, parent, key, module, declared, used))
  module.globals.push(...used.filter((name) => !declared.has(name)))
  return module
}

function look(node, parent, key, module, declared, used) {
  switch (node.type) {
    case 'ImportDeclaration':
      module.imports.push({ from: node.source.value, kind: onlyTypes(node) ? 'type' : 'static' })
      for (const { local } of node.specifiers) declared.add(local.name)
      return
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      if (node.source) {
        module.imports.push({ from: node.source.value, kind: node.exportKind === 'type' ? 'type' : 'static' })
      }
      return
    case 'ImportExpression':
      module.imports.push({ from: literal(node.source), kind: 'dynamic' })
      return
    case 'TSImportType':
      module.imports.push({ from: literal(node.source ?? node.argument), kind: 'type' })
      return
    case 'NewExpression':
      if (node.callee.name === 'Date' && node.arguments.length === 0) module.globals.push('new Date()')
      return
    case 'CallExpression':
      if (node.callee.name === 'Date') module.globals.push('Date()')
      if (node.callee.name === 'require')
        module.imports.push({ from: literal(node.arguments[0]), kind: 'static' })
      return
    case 'MemberExpression': {
      const member = `${node.object.name}.${node.computed ? literal(node.property) : node.property.name}`
      if (member === 'Date.now' || member === 'Math.random') module.globals.push(member)
      return
    }
    case 'Identifier':
      if (isBinding(parent, key)) declared.add(node.name)
      else if (coreHasNo.includes(node.name) && !isName(parent, key)) used.push(node.name)
  }
}

function onlyTypes({ importKind, specifiers }) {
  if (importKind === 'type') return true
  return specifiers.length > 0 && specifiers.every((each) => each.importKind === 'type')
}

/** The module's name, or a text that no rule allows when it is computed. */
function literal(node) {
  if (node?.type === 'TSLiteralType') return literal(node.literal)
  return typeof node?.value === 'string' ? node.value : '(computed)'
}

/** A variable, parameter or function of this name is declared here. */
function isBinding(parent, key) {
  if (key === 'id') return /^(VariableDeclarator|Function|Class|TSTypeAlias|TSInterface)/.test(parent.type)
  return key === 'params' || (key === 'value' && parent.type === 'Property' && parent.inPattern === true)
}

/** A property or label of this name, not a reference: `x.process`, `{ process: 1 }`. */
function isName(parent, key) {
  if (key === 'property') return parent.computed === false
  if (key === 'key') return parent.computed === false && parent.shorthand !== true
  return key === 'label' || key === 'local' || key === 'exported' || key === 'imported'
}

function visit(node, parent, onNode, key) {
  if (Array.isArray(node)) {
    for (const each of node) visit(each, parent, onNode, key)
    return
  }
  if (!node || typeof node.type !== 'string') return
  onNode(node, parent, key)
  for (const [name, child] of Object.entries(node)) {
    if (child !== null && typeof child === 'object') visit(child, node, onNode, name)
  }
}

/** Every breach of a wall, as `path: sentence`. */
export function findBreaches(modules) {
  const breaches = []
  for (const module of modules) {
    const say = (sentence) => breaches.push(`${module.path}: ${sentence}`)
    const test = /\.test\.tsx?$|\/test\/|\/scripts\//.test(module.path)
    for (const each of module.imports) {
      for (const rule of rules) rule({ ...each, path: module.path, test, say })
    }
    if (!test && module.path.startsWith('packages/core/src/')) {
      for (const name of new Set(module.globals)) say(`core is pure, and touches ${name}`)
    }
  }
  breaches.push(...heavyStart(modules))
  return breaches
}

const rules = [
  function computedNames({ from, say }) {
    if (from === '(computed)') say('imports a name that is computed, so no rule can see it')
  },
  function coreImports({ from, path, test, say }) {
    if (test || !path.startsWith('packages/core/src/')) return
    if (from.startsWith('.') || coreMayImport.some((allowed) => allowed.test(from))) return
    say(`core may not import ${from}`)
  },
  function ownFiles({ from, path, test, say }) {
    if (!from.startsWith('.')) return
    const room = /^(packages|apps)\/[^/]+\//.exec(path)?.[0]
    const there = posix.join(posix.dirname(path), from)
    if (room && !there.startsWith(room) && !test) say(`reaches out of its package with ${from}`)
  },
  function oneWay({ from, path, test, say }) {
    if (test) return
    const own = /^(?:packages|apps)\/([^/]+)\//.exec(path)?.[1]
    const other = /^@mlflow-iam\/([^/]+)/.exec(from)?.[1]
    if (!other || own === 'cli') return
    if (other !== 'core') say(`imports ${from}: packages lean on core alone`)
  },
  function sdkRoom({ from, kind, path, test, say }) {
    if (!sdk.test(from) || test || path.startsWith('packages/aws/')) return
    if (kind === 'type' && path.startsWith('packages/sandbox/')) return
    say(`imports ${from}: only packages/aws knows the AWS SDK`)
  },
  function drawingRoom({ from, kind, path, test, say }) {
    if (!drawing.test(from) || test || kind === 'type' || drawingRooms.test(path)) return
    say(`imports ${from}: only ui, screens and wizard draw`)
  },
  function uiOnlyDraws({ from, path, say }) {
    if (!path.startsWith('apps/cli/src/ui/')) return
    const there = posix.join(posix.dirname(path), from)
    if (from.startsWith('.') && /^apps\/cli\/src\/(wizard|screens|commands|account)\//.test(there)) {
      say(`imports ${from}: ui only draws`)
    }
  },
]

/**
 * Source modules that nothing imports, tests included. Packages export their files by a pattern, so a tool that
 * starts from `exports` takes each of them for used.
 */
export function findUnimported(modules) {
  const imported = new Set()
  for (const { path, imports } of modules) {
    for (const { from } of imports) {
      const other = /^@mlflow-iam\/([^/]+)(?:\/(.+))?$/.exec(from)
      if (other) imported.add(`packages/${other[1]}/src/${other[2] ?? 'index'}.ts`)
      else if (from.startsWith('.')) imported.add(posix.join(posix.dirname(path), from))
    }
  }
  return modules
    .map(({ path }) => path)
    .filter((path) => /^(packages|apps)\/[^/]+\/src\//.test(path) && !/\.test\.tsx?$/.test(path))
    .filter((path) => path !== 'apps/cli/src/main.ts' && !imported.has(path))
}

/** What `mlflow-iam --help` loads: everything that main.ts reaches by static imports. */
export function startGraph(modules) {
  const byPath = new Map(modules.map((module) => [module.path, module]))
  const reached = new Set()
  const outside = []
  const queue = ['apps/cli/src/main.ts']
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (reached.has(path) || !byPath.has(path)) continue
    reached.add(path)
    for (const { from, kind } of byPath.get(path).imports) {
      if (kind !== 'static') continue
      const inside = resolveInside(path, from)
      if (inside) queue.push(inside)
      else outside.push({ from, path })
    }
  }
  return { reached, outside }
}

function resolveInside(path, from) {
  if (from.startsWith('.')) return posix.join(posix.dirname(path), from)
  const [, name, file] = /^@mlflow-iam\/([^/]+)(?:\/(.+))?$/.exec(from) ?? []
  return name && `packages/${name}/src/${file ?? 'index'}.ts`
}

function heavyStart(modules) {
  const { reached, outside } = startGraph(modules)
  if (modules.some(({ path }) => path === 'apps/cli/src/main.ts') && reached.size < 2) {
    return ['apps/cli/src/main.ts: its imports could not be followed']
  }
  return outside
    .filter(({ from }) => !from.startsWith('node:'))
    .map(({ from, path }) => `${path}: loads ${from} at every start, also for --help`)
}
