import { expect, test } from 'vitest'
import { checkShape } from './check-shape.ts'
import { indexLines } from './positions.ts'
import { readYaml } from './read-yaml.ts'
import { grantsSchema } from './schema.ts'

function complaintsOf(text: string) {
  const { plain } = readYaml(text, indexLines(text))
  return plain === undefined ? [] : checkShape(grantsSchema, plain)
}

test('complains about every entry of a list, however many', () => {
  const complaints = complaintsOf(`version: 1\nname: a\ngrants: [${'1,'.repeat(20_000)}]\n`)
  expect(complaints).toHaveLength(20_000)
  expect(complaints.at(-1)?.path).toBe('grants.19999')
})

test('a value that fits has no complaints', () => {
  expect(complaintsOf('version: 1\nname: a\n')).toEqual([])
})
