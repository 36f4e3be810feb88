// Reads every source module and reports each import that goes through a wall. Exit 1 where there is one.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findBreaches, findUnimported, readModule } from './boundaries.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const isSource = (path) => /\.(ts|tsx)$/.test(path) && !path.split(sep).includes('node_modules')

/** Every module of every package. Throws where fewer are read than a second look at the disk finds. */
export function readModules(folder = root) {
  const modules = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(folder, parent)).flatMap((name) => walk(folder, `${parent}/${name}`)),
  )
  assertComplete(modules, countSources(folder))
  return modules
}

/** A checker that looked at nothing also says "no problems": this one says so instead. */
export function assertComplete(modules, expected) {
  for (const room of ['packages/core', 'packages/aws', 'packages/sandbox', 'apps/cli']) {
    const count = modules.filter(({ path }) => path.startsWith(`${room}/`)).length
    if (count === 0) throw new Error(`no module of ${room} was read`)
  }
  if (modules.length < expected)
    throw new Error(`${modules.length} modules were read, but there are ${expected}`)
}

function walk(folder, path) {
  return readdirSync(join(folder, path), { withFileTypes: true }).flatMap((entry) => {
    const inside = `${path}/${entry.name}`
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : walk(folder, inside)
    return isSource(inside) ? [readModule(inside, readFileSync(join(folder, inside), 'utf8'))] : []
  })
}

function countSources(folder) {
  const all = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(folder, parent)).flatMap((name) =>
      ['src', 'test', 'scripts'].flatMap((room) => listOrNothing(join(folder, parent, name, room))),
    ),
  )
  return all.filter(isSource).length
}

function listOrNothing(folder) {
  try {
    return readdirSync(folder, { recursive: true })
  } catch {
    return []
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const modules = readModules()
  const unimported = findUnimported(modules).map((path) => `${path}: nothing imports it`)
  const breaches = [...findBreaches(modules), ...unimported]
  for (const breach of breaches) console.error(breach)
  console.error(`${modules.length} modules, ${breaches.length} breaches`)
  process.exitCode = breaches.length === 0 ? 0 : 1
}
