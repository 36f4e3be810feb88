import { expect, test } from 'vitest'
import { parseGrants } from '../grants/parse-grants.ts'
import { toDraft, writeGrants } from '../grants/write-grants.ts'
import { builtInPersonas } from '../personas/built-in.ts'
import { narrowDraft } from './narrow-draft.ts'

const draftOf = (grants: string) =>
  toDraft(parseGrants(`version: 1\nname: trial\nservers:\n  ml-dev: {}\ngrants:\n${grants}`, 'grants.yaml'))

test('unused additions go, unused actions of personas are removed, and the rest stays', () => {
  const draft = draftOf(
    '  - { to: user/ana, persona: viewer, add: [DeleteRun, LogMetric] }\n  - { to: user/ben, persona: viewer }\n',
  )
  const narrowed = narrowDraft(draft, [{ index: 0, dropFromAdd: ['DeleteRun'], addToRemove: ['GetRun'] }])
  expect(narrowed.grants[0]).toMatchObject({ personas: ['viewer'], add: ['LogMetric'], remove: ['GetRun'] })
  expect(narrowed.grants[1]).toEqual(draft.grants[1])
  expect(parseGrants(writeGrants(narrowed), 'narrowed.yaml').grants).toHaveLength(2)
})

test('a grant of which nothing was used is left out, and what is left is a valid file', () => {
  const draft = draftOf(
    '  - { to: user/ana, add: [DeleteRun] }\n  - { to: user/ben, persona: training-job }\n  - { to: user/cleo, persona: viewer }\n',
  )
  const all = builtInPersonas.find(({ name }) => name === 'training-job')?.actions ?? []
  const narrowed = narrowDraft(draft, [
    { index: 0, dropFromAdd: ['DeleteRun'], addToRemove: [] },
    { index: 1, dropFromAdd: [], addToRemove: all },
  ])
  expect(narrowed.grants.map(({ to }) => to)).toEqual([['user/cleo']])
  expect(parseGrants(writeGrants(narrowed), 'narrowed.yaml').grants).toHaveLength(1)
})
