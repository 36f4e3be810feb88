import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type JournalLine, journalLine, journalPieces } from './journal.ts'

test('a line in pieces is the line', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.dictionary(fc.string(), fc.option(fc.jsonValue(), { nil: undefined })),
      (plan, more) => {
        const line = { journal: 'mlflow-iam', plan, more } as unknown as JournalLine
        expect([...journalPieces(line)].join('')).toBe(journalLine(line))
      },
    ),
  )
})
