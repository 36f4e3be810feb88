import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { arbitraryDraft } from '../../test/arbitrary-draft.ts'
import accepted from './cases/accepted.json' with { type: 'json' }
import refused from './cases/refused.json' with { type: 'json' }
import { grantsJsonSchema } from './json-schema.ts'
import { writeGrants } from './write-grants.ts'

const ajv = new Ajv2020({
  strict: true,
  allErrors: true,
  strictTypes: false,
  strictRequired: false,
  strictTuples: false,
})
const isValid = ajv.compile(grantsJsonSchema())

test('is a closed schema of draft 2020-12 with words for editors', () => {
  const schema = grantsJsonSchema() as Record<string, unknown>
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema')
  expect(schema.title).toBe('mlflow-iam grants file')
  const objects = JSON.stringify(schema).match(/"type":"object","properties"/g) ?? []
  expect(JSON.stringify(schema).match(/"additionalProperties":false/g)).toHaveLength(objects.length)
})

describe('accepts what the parser accepts:', () => {
  test.each(accepted)('$name', ({ text }) => {
    expect(isValid(parse(text.join('\n')))).toBe(true)
  })
  test('any valid file', () => {
    fc.assert(
      fc.property(arbitraryDraft, (draft) => isValid(parse(writeGrants(draft)))),
      { numRuns: 50 },
    )
  })
})

describe('sees of what the parser refuses:', () => {
  // Names that must be known, accounts and calendars are beyond JSON Schema; `editorSees` says which cases are.
  const parsed = refused.filter((entry) => 'editorSees' in entry)
  test.each(parsed)('$name', ({ text, editorSees }) => {
    expect(isValid(parse(text.join('\n'), { logLevel: 'silent' }))).toBe(!editorSees)
  })
  test('most of it', () => {
    expect(parsed.filter((entry) => entry.editorSees).length).toBeGreaterThan(parsed.length / 2)
  })
})
