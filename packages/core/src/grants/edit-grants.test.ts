import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitraryDraft } from '../../test/arbitrary-draft.ts'
import { draftContent } from './draft-content.ts'
import { editGrants } from './edit-grants.ts'
import { parseGrants } from './parse-grants.ts'
import { toDraft, writeGrants } from './write-grants.ts'

const read = (text: string) => toDraft(parseGrants(text, 'grants.yaml'))

test('an edited text says what the draft says, whatever it said before', () => {
  fc.assert(
    fc.property(arbitraryDraft, arbitraryDraft, (before, after) => {
      const edited = editGrants(writeGrants(before), after)
      expect(draftContent(read(edited))).toEqual(draftContent(after))
    }),
    { numRuns: 150 },
  )
})
