import { readFileSync } from 'node:fs'
import { grantsFileExamples } from './grants-file-examples.mjs'
import { code, generated, table } from './table.mjs'

const introduction = readFileSync(new URL('grants-file-introduction.txt', import.meta.url), 'utf8')

/** The sections: heading, where its keys stand in the schema, how their paths begin, and what they default to. */
const sections = [
  ['The file', [], ''],
  ['Servers', ['$defs', 'Server'], 'servers.KEY.'],
  ['The role of tracking servers', ['$defs', 'TrackingServerRole'], 'roles.tracking-server.'],
  ['The role of notebooks and jobs', ['$defs', 'SageMakerRole'], 'roles.sagemaker.'],
  ['Trust', ['$defs', 'Trust'], 'roles.….trust.'],
  ['Personas', ['$defs', 'Persona'], 'personas.NAME.'],
  ['Grants', ['$defs', 'Grant'], 'grants[].'],
  ['Conditions', ['$defs', 'Conditions'], 'grants[].when.'],
  ['Split roles', ['$defs', 'Split'], 'split.PROFILE.'],
  ['Permission sets', ['$defs', 'PermissionSet'], 'permission-sets.NAME.'],
  ['Several accounts', ['$defs', 'FileAccount'], 'accounts.ID.'],
]

/** The grants file, key by key, from the JSON Schema that editors use too. */
export function renderGrantsFile({ grantsJsonSchema }) {
  const schema = grantsJsonSchema()
  const used = new Set()
  const parts = sections.map(([title, path, prefix]) => {
    const part = path.reduce((node, key) => node[key], schema)
    const required = new Set(part.required ?? [])
    const rows = Object.entries(part.properties).map(([key, value]) => {
      const example = grantsFileExamples[prefix + key]
      if (!example) throw new Error(`scripts/docs/grants-file-examples.mjs lacks ${prefix}${key}`)
      used.add(prefix + key)
      const [text, fallback] = example
      const absent = required.has(key) ? '**required**' : (fallback ?? 'none')
      const { words, limits } = describe(value, schema)
      return [code(key), [words, ...limits].join('; '), absent, descriptionOf(value, schema), code(text)]
    })
    const first = part.title && part.description && path.length > 0 ? `${part.description}\n\n` : ''
    return `## ${title}\n\n${first}${table(['key', 'value', 'when left out', 'meaning', 'example'], rows)}`
  })
  const unknown = Object.keys(grantsFileExamples).filter((key) => !used.has(key))
  if (unknown.length > 0) throw new Error(`examples of keys that do not exist: ${unknown.join(', ')}`)
  return `${generated('the JSON Schema of the grants file')}\n\n${introduction}\n${parts.join('\n\n')}\n`
}

function resolve(node, schema) {
  if (!node.$ref) return node
  const { $ref, ...own } = node
  return { ...schema.$defs[$ref.replace('#/$defs/', '')], ...own }
}

function descriptionOf(node, schema) {
  const { description, title, anyOf } = resolve(node, schema)
  const inner = anyOf?.map((each) => resolve(each, schema)).find((each) => each.description)
  return description ?? inner?.description ?? title ?? ''
}

/** What may stand there, in words, and its limits. */
function describe(node, schema) {
  const value = resolve(node, schema)
  if (value.const !== undefined) return { words: code(value.const), limits: [] }
  if (value.enum) return { words: value.enum.map(code).join(' or '), limits: [] }
  if (value.anyOf?.some((each) => each.enum)) return { words: called(value.title), limits: [] }
  if (value.anyOf) return describeChoice(value.anyOf, schema)
  if (value.type === 'array') {
    const item = describe(value.items, schema)
    return {
      words: `a list of ${item.words}`,
      limits: [...item.limits, ...(value.minItems ? ['not empty'] : [])],
    }
  }
  if (value.type === 'object' || value.properties) {
    return { words: 'a mapping', limits: value.minProperties ? ['not empty'] : [] }
  }
  if (value.type === 'boolean') return { words: '`true` or `false`', limits: [] }
  const limits = []
  if (value.maxLength) limits.push(`at most ${value.maxLength} characters`)
  if (value.pattern && value.pattern.length <= 40) limits.push(`matches ${code(value.pattern)}`)
  return { words: node.$ref && value.title ? called(value.title) : 'text', limits }
}

/** A title inside a sentence; abbreviations keep their capitals. */
function called(title) {
  return /^[A-Z][A-Z]/.test(title) ? title : title[0].toLowerCase() + title.slice(1)
}

function describeChoice(choices, schema) {
  const all = choices.map((each) => resolve(each, schema))
  const empty = all.some(({ type }) => type === 'null')
  const rest = all.filter(({ type }) => type !== 'null')
  const list = rest.find(({ type }) => type === 'array')
  if (list && rest.length === 1) return { words: 'a list of mappings', limits: [] }
  if (list) {
    const { words, limits } = describe(list.items, schema)
    return {
      words: `${words}, or a list of them`,
      limits: [...limits, ...(list.minItems ? ['not empty'] : [])],
    }
  }
  const { words, limits } = describe(rest[0], schema)
  return { words, limits: empty ? [...limits, 'may be empty'] : limits }
}
