import { toJSONSchema } from 'zod/mini'
import { grantsSchema } from './schema.ts'
import { editorNotes } from './schema-parts.ts'

/** Names this version of the format; nothing is fetched from it. */
export const grantsSchemaId = 'urn:mlflow-iam:grants-file:1'

/** The grants file as JSON Schema (draft 2020-12), for editors: from the same source as the checks. */
export function grantsJsonSchema(): object {
  const schema = toJSONSchema(grantsSchema, {
    target: 'draft-2020-12',
    metadata: editorNotes,
    io: 'input',
  })
  return { $id: grantsSchemaId, ...schema }
}
