import { grantsSchema } from './schema.ts'
import type { Notes, Shape } from './shape.ts'

/** Names this version of the format; nothing is fetched from it. */
export const grantsSchemaId = 'urn:mlflow-iam:grants-file:1'

type EditorSchema = Readonly<Record<string, unknown>>

/** The grants file as JSON Schema (draft 2020-12), for editors: from the same source as the checks. */
export function grantsJsonSchema(): object {
  const definitions: Record<string, EditorSchema> = {}
  const root = describe(grantsSchema, definitions)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: grantsSchemaId,
    ...root,
    $defs: definitions,
  }
}

/** Shapes whose notes have an `id` are written once, under `$defs`, and referred to. */
function describe(shape: Shape, definitions: Record<string, EditorSchema>): EditorSchema {
  const { id, ...notes } = shape.notes
  if (typeof id !== 'string') return describeForm(shape, notes, definitions)
  // In its place before it is complete: its parts come behind it.
  if (!(id in definitions)) {
    definitions[id] = {}
    definitions[id] = describeForm(shape, notes, definitions)
  }
  return { $ref: `#/$defs/${id}` }
}

function describeForm(
  { form }: Shape,
  notes: Notes,
  definitions: Record<string, EditorSchema>,
): EditorSchema {
  switch (form.kind) {
    case 'text':
      return { type: 'string', ...form.rule.keywords, ...notes }
    case 'flag':
      return { type: 'boolean', ...notes }
    case 'exactly':
      return { type: typeof form.value, const: form.value, ...notes }
    case 'empty-or':
      return { anyOf: [describe(form.shape, definitions), { type: 'null' }], ...notes }
    case 'list': {
      const item = describe(form.item, definitions)
      const least = form.atLeast > 0 ? { minItems: form.atLeast } : {}
      if (!form.oneWill) return { type: 'array', items: item, ...least, ...notes }
      return { anyOf: [item, { type: 'array', items: item, ...least, uniqueItems: true }], ...notes }
    }
    case 'map':
      return {
        type: 'object',
        propertyNames: describe(form.key, definitions),
        additionalProperties: describe(form.value, definitions),
        ...notes,
      }
    case 'closed': {
      const properties: Record<string, EditorSchema> = {}
      const required: string[] = []
      for (const [key, part] of Object.entries(form.keys)) {
        properties[key] = describe('optional' in part ? part.optional : part, definitions)
        if (!('optional' in part)) required.push(key)
      }
      return { type: 'object', properties, required, additionalProperties: false, ...notes }
    }
  }
}
