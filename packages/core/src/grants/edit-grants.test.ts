import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryDraft } from '../../test/arbitrary-draft.ts'
import { draftContent } from './draft-content.ts'
import { editGrants } from './edit-grants.ts'
import type { GrantsDraft } from './grants-draft.ts'
import { parseGrants } from './parse-grants.ts'
import { toDraft, writeGrants } from './write-grants.ts'

const read = (text: string): GrantsDraft => toDraft(parseGrants(text, 'grants.yaml'))

const team = `# Our team
version: 1   # always
name:   team
servers:
  ml-prod:   {}   # the real one
  # for trying things
  ml-dev: { region: us-east-1 }

grants:
  # people
  - to: user/ana
    persona: "data-scientist"    # she asked
    on: [ ml-dev, ml-prod ]

  - {to: user/ben, persona: viewer, on: ml-prod} # short

  # machines
  - to:
      - role/ci        # builds
      - role/nightly   # tests
    persona: ci-cd
    on: ml-prod
# the end
`

/** What the edit changed, as lines taken out and put in. */
function changed(text: string, change: (draft: GrantsDraft) => GrantsDraft): string[] {
  const edited = editGrants(text, change(read(text)))
  expect(draftContent(read(edited))).toEqual(draftContent(change(read(text))))
  const [before, after] = [text.split('\n'), edited.split('\n')]
  let start = 0
  while (start < before.length && before[start] === after[start]) start += 1
  let end = 1
  while (end <= Math.min(before.length, after.length) - start && before.at(-end) === after.at(-end)) end += 1
  const out = before.slice(start, before.length - end + 1).map((line) => `- ${line}`)
  return [...out, ...after.slice(start, after.length - end + 1).map((line) => `+ ${line}`)]
}

const grants =
  (change: (grants: GrantsDraft['grants']) => GrantsDraft['grants']) => (draft: GrantsDraft) => ({
    ...draft,
    grants: change(draft.grants),
  })
const onGrant = (place: number, parts: Partial<GrantsDraft['grants'][number]>) =>
  grants((all) => all.map((grant, index) => (index === place ? { ...grant, ...parts } : grant)))
const cara = { to: ['user/cara'], personas: ['viewer'], on: ['ml-prod'], add: [], remove: [] }

describe('changes as little of the text as it can:', () => {
  test('nothing to change', () => {
    expect(editGrants(team, read(team))).toBe(team)
  })
  test('another persona', () => {
    expect(changed(team, onGrant(0, { personas: ['ml-engineer'] }))).toEqual([
      '-     persona: "data-scientist"    # she asked',
      '+     persona: ml-engineer    # she asked',
    ])
  })
  test('one more action', () => {
    expect(changed(team, onGrant(0, { add: ['DeleteRun'] }))).toEqual(['+     add: [DeleteRun]'])
  })
  test('one server fewer', () => {
    expect(changed(team, onGrant(0, { on: ['ml-dev'] }))).toEqual([
      '-     on: [ ml-dev, ml-prod ]',
      '+     on: ml-dev',
    ])
  })
  test('an item of a list with comments', () => {
    expect(changed(team, onGrant(2, { to: ['role/ci', 'role/weekly', 'role/nightly'] }))).toEqual([
      '+       - role/weekly',
    ])
    expect(changed(team, onGrant(2, { to: ['role/nightly'] }))).toEqual(['-       - role/ci        # builds'])
  })
  test('a grant on one line', () => {
    expect(changed(team, onGrant(1, { until: '2027-04-01T00:00:00Z' }))).toEqual([
      '-   - {to: user/ben, persona: viewer, on: ml-prod} # short',
      '+   - { to: user/ben, persona: viewer, on: ml-prod, until: 2027-03-31 } # short',
    ])
  })
  test('a new grant, last, first and between', () => {
    const lines = ['+   - to: user/cara', '+     persona: viewer', '+     on: ml-prod']
    expect(
      changed(
        team,
        grants((all) => [...all, cara]),
      ),
    ).toEqual(lines)
    expect(
      changed(
        team,
        grants((all) => [cara, ...all]),
      ).toSorted(),
    ).toEqual(lines.toSorted())
    expect(
      changed(
        team,
        grants(([first, ...rest]) => (first ? [first, cara, ...rest] : rest)),
      ),
    ).toEqual(lines)
  })
  test('a grant less', () => {
    expect(
      changed(
        team,
        grants((all) => all.filter((_, index) => index !== 1)),
      ),
    ).toEqual(['-   - {to: user/ben, persona: viewer, on: ml-prod} # short'])
  })
  test('a new server, and a Region of one', () => {
    const add = (draft: GrantsDraft): GrantsDraft => ({
      ...draft,
      servers: [...draft.servers, { key: 'next', kind: 'name', kms: [], planned: true }],
    })
    expect(changed(team, add)).toEqual(['+   next: { planned: true }'])
    const move = (draft: GrantsDraft): GrantsDraft => ({
      ...draft,
      servers: draft.servers.map((server) =>
        server.key === 'ml-prod' && server.kind === 'name' ? { ...server, region: 'eu-west-1' } : server,
      ),
    })
    expect(changed(team, move)).toEqual([
      '-   ml-prod:   {}   # the real one',
      '+   ml-prod:   { region: eu-west-1 }   # the real one',
    ])
  })
  test('a section and a key that were not there', () => {
    const personas = [{ name: 'labeller', extends: ['viewer'], add: ['SetTag'], remove: [] }]
    expect(changed(team, (draft) => ({ ...draft, account: '123456789012' }))).toEqual([
      '+ account: "123456789012"',
    ])
    expect(changed(team, (draft) => ({ ...draft, personas })).toSorted()).toEqual([
      '+ ',
      '+   labeller: { extends: viewer, add: [SetTag] }',
      '+ personas:',
    ])
  })
  test('every grant gone', () => {
    const edited = editGrants(team, { ...read(team), grants: [] })
    expect(edited).toContain('ml-prod:   {}   # the real one')
    expect(edited).not.toContain('grants')
    expect(read(edited).grants).toEqual([])
  })
})

describe('keeps the form of the text:', () => {
  test('sections without entries', () => {
    for (const empty of ['servers: {}\ngrants: []\n', 'servers:\ngrants: # none yet\n']) {
      const text = `version: 1\nname: a\n${empty}`
      const draft = { ...read(text), servers: read(team).servers, grants: [cara] }
      const edited = editGrants(text, draft)
      expect(edited).toContain('servers:\n  ml-prod: {}\n  ml-dev: { region: us-east-1 }\ngrants:')
      expect(read(edited)).toEqual(draft)
    }
  })
  test('CR LF, byte order mark, and no line end at the end', () => {
    const text = `\uFEFF${team.trimEnd().replace(/\n/g, '\r\n')}`
    const edited = editGrants(text, grants((all) => [...all, cara])(read(text)))
    expect(edited.startsWith('\uFEFF# Our team\r\n')).toBe(true)
    expect(edited).toContain('\r\n  - to: user/cara\r\n    persona: viewer\r\n    on: ml-prod\r\n')
    expect(edited.replace(/\r\n/g, '')).not.toContain('\n')
  })
  test('JSON, with its indentation and order', () => {
    const text = JSON.stringify({ name: 'a', version: 1, grants: [], servers: { ml: { kms: [] } } }, null, 3)
    const edited = editGrants(text, { ...read(text), grants: [{ ...cara, on: ['ml'] }] })
    expect(JSON.parse(edited)).toEqual({
      name: 'a',
      version: 1,
      grants: [{ to: 'user/cara', persona: 'viewer', on: 'ml' }],
      servers: { ml: { kms: [] } },
    })
    expect(edited).toMatch(/^\{\n {3}"name"/)
  })
  test('other spellings of the same', () => {
    const grant =
      '  - to: [user/ana]\n    persona: viewer\n    add: sagemaker-mlflow:SetTag\n    until: 2027-04-01T02:00+02:00\n'
    const text = `version: 1\nname: a\nservers: { ml: ~ }\ngrants:\n${grant}`
    expect(changed(text, onGrant(0, { remove: ['GetRun'] }))).toEqual(['+     remove: [GetRun]'])
  })
  test('anchors, or the whole text anew where an edit would change what an alias says', () => {
    const text =
      'version: 1\nname: a\nservers: { ml: {}, b: {} }\ngrants:\n  - { to: user/a, persona: viewer, on: &all [ml, b] }\n  - { to: user/b, persona: viewer, on: *all }\n'
    const draft = onGrant(0, { on: ['ml'] })(read(text))
    expect(read(editGrants(text, draft))).toEqual(draft)
  })
})

test('a text that is no grants file is not edited', () => {
  expect(() => editGrants('version: 1\n', read(team))).toThrow('grants.yaml has one error.')
})

/** A comment on every line that can carry one. */
function remark(text: string): string {
  const lines = text
    .split('\n')
    .map((line, index) => (line === '' || line.endsWith(':') ? line : `${line} # ${index}`))
  return lines.join('\n')
}

test('an edited text says what the draft says, whatever it said before, and is no new text', () => {
  fc.assert(
    fc.property(arbitraryDraft, arbitraryDraft, (before, after) => {
      const text = remark(writeGrants(before))
      const edited = editGrants(text, after)
      expect(draftContent(read(edited))).toEqual(draftContent(after))
      expect(edited).toContain('version: 1 # 0\n')
    }),
    { numRuns: 50 },
  )
})

test('a change of one grant touches the lines of that grant alone', () => {
  fc.assert(
    fc.property(arbitraryDraft, fc.nat(), fc.constantFrom('viewer', 'auditor'), (draft, seed, persona) => {
      fc.pre(draft.grants.length > 0)
      const place = seed % draft.grants.length
      const text = remark(writeGrants(draft))
      const edited = editGrants(text, onGrant(place, { personas: [persona], policyName: 'X' })(draft))
      const start = parseGrants(text, 'g').locate(`grants.${place}`).line - 1
      const next = parseGrants(text, 'g').locate(`grants.${place + 1}`).line - 1
      const end = place === draft.grants.length - 1 ? text.split('\n').length - 1 : next
      const tail = text.split('\n').slice(end)
      expect(edited.split('\n').slice(0, start)).toEqual(text.split('\n').slice(0, start))
      expect(edited.split('\n').slice(-tail.length)).toEqual(tail)
    }),
    { numRuns: 50 },
  )
})
