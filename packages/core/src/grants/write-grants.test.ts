import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitraryDraft } from '../../test/arbitrary-draft.ts'
import { parseGrants } from './parse-grants.ts'
import { toDraft, writeGrants } from './write-grants.ts'

test('reading what was written gives the same draft back', () => {
  fc.assert(
    fc.property(arbitraryDraft, (draft) => {
      const text = writeGrants(draft)
      expect(toDraft(parseGrants(text, 'grants.yaml'))).toEqual(draft)
      expect(writeGrants(toDraft(parseGrants(text, 'grants.yaml')))).toBe(text)
    }),
    { numRuns: 60 },
  )
})
