import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mlflowActions } from '../catalog/actions.ts'
import type { CustomPersona } from '../grants/grants-file.ts'
import { Problem } from '../problem.ts'
import { builtInPersonas } from './built-in.ts'
import { expandPersonas, findPersonaCycle, findUnknownBases } from './expand.ts'

const custom = (name: string, parts: Partial<CustomPersona> = {}): CustomPersona => ({
  name,
  extends: [],
  add: [],
  remove: [],
  ...parts,
})
const expandOne = (parts: Partial<CustomPersona>) => expandPersonas([custom('mine', parts)]).get('mine')

test('a custom persona is what it extends, plus and minus actions', () => {
  const mine = expandOne({ extends: ['viewer'], add: ['SetTag', 'DeleteTag'], remove: ['SearchTraces'] })
  expect(mine?.actions).toHaveLength(21)
  expect(mine?.actions).toContain('SetTag')
  expect(mine?.actions).not.toContain('SearchTraces')
  expect(mine?.purpose).toBe(
    'Defined in the grants file: viewer, plus DeleteTag, SetTag, without SearchTraces.',
  )
  expect(mine).toMatchObject({ title: 'mine', ui: true, builtIn: false, wildcard: false })
})

test('a removal wins over everything that is extended or added', () => {
  expect(expandOne({ extends: ['viewer', 'auditor'], remove: ['GetRun'] })?.actions).not.toContain('GetRun')
  expect(expandOne({ add: ['GetRun'], remove: ['GetRun'] })?.actions).toEqual([])
})

test('the UI goes with AccessUI', () => {
  expect(expandOne({ extends: ['viewer'], remove: ['AccessUI'] })?.ui).toBe(false)
  expect(expandOne({ add: ['AccessUI'] })?.ui).toBe(true)
  expect(expandOne({ extends: ['trace-writer'] })?.ui).toBe(false)
})

test('S3 access is inherited, widened by what is added, and gone only with the last action', () => {
  expect(expandOne({ extends: ['viewer'] })?.s3).toEqual({ read: true, write: false, list: true })
  expect(expandOne({ extends: ['viewer'], add: ['LogModel'] })?.s3.write).toBe(true)
  expect(expandOne({ extends: ['viewer'], add: ['LogModel'], remove: ['LogModel'] })?.s3.write).toBe(false)
  expect(expandOne({ extends: ['viewer'], remove: ['SearchTraces'] })?.s3.read).toBe(true)
  const trace = builtInPersonas.find((persona) => persona.name === 'trace-writer')?.actions ?? []
  expect(expandOne({ extends: ['trace-writer'], remove: trace })?.s3.write).toBe(false)
  expect(expandOne({ extends: ['access-aws-services-for-mlflow'] })?.s3.write).toBe(true)
})

test('other needs are inherited; a wildcard stays only while nothing is taken out of it', () => {
  expect(expandOne({ extends: ['server-operator', 'viewer'] })?.alsoNeeds).toContain('iam:PassRole')
  expect(expandOne({ extends: ['use-mlflow'] })?.wildcard).toBe(true)
  expect(expandOne({ extends: ['use-mlflow'], remove: ['DeleteRun'] })).toMatchObject({ wildcard: false })
  expect(expandOne({ extends: ['use-mlflow'], remove: ['DeleteRun'] })?.actions).toHaveLength(
    mlflowActions.length - 1,
  )
})

test('custom personas extend one another, in any order of the file', () => {
  const personas = [
    custom('c', { extends: ['b'], add: ['DeleteRun'] }),
    custom('b', { extends: ['a'], remove: ['GetTraceInfo'] }),
    custom('a', { extends: ['viewer'] }),
  ]
  const expanded = expandPersonas(personas)
  expect(expanded.get('c')?.actions).toHaveLength(20)
  expect([...expanded.keys()].slice(-3)).toEqual(['c', 'b', 'a'])
  expect(expanded.size).toBe(builtInPersonas.length + 3)
})

test('a chain of many thousand personas is expanded, and a cycle of as many is refused', () => {
  const chain = Array.from({ length: 20_000 }, (_, index) =>
    custom(`p${index}`, index === 0 ? { add: ['GetRun'] } : { extends: [`p${index - 1}`] }),
  )
  expect(expandPersonas(chain).get('p19999')?.actions).toEqual(['GetRun'])
  const ring = chain.map((persona, index) => (index === 0 ? custom('p0', { extends: ['p19999'] }) : persona))
  expect(findPersonaCycle(ring)).toHaveLength(20_001)
})

test('a cycle is named from end to end', () => {
  const ring = [
    custom('outside', { extends: ['a'] }),
    custom('a', { extends: ['viewer', 'b'] }),
    custom('b', { extends: ['a'] }),
  ]
  expect(findPersonaCycle(ring)).toEqual(['a', 'b', 'a'])
  expect(findPersonaCycle([custom('self', { extends: ['self'] })])).toEqual(['self', 'self'])
  expect(() => expandPersonas(ring)).toThrow(Problem)
  expect(() => expandPersonas(ring)).toThrow('The persona a extends itself.')
})

test('unknown bases and names that are taken are refused with a suggestion', () => {
  expect(
    findUnknownBases([custom('a', { extends: ['viewr', 'b'] }), custom('b')], new Set(['viewer'])),
  ).toEqual([{ persona: 'a', index: 0, base: 'viewr' }])
  try {
    expandOne({ extends: ['data-scientst'] })
    expect.unreachable()
  } catch (error) {
    expect(error).toMatchObject({ code: 'UNKNOWN_PERSONA', exit: 3, fix: ['Did you mean data-scientist?'] })
  }
  expect(() => expandPersonas([custom('viewer')])).toThrow('defined twice')
  expect(() => expandPersonas([custom('a'), custom('a')])).toThrow('defined twice')
  expect(() => expandOne({ extends: ['__proto__'] })).toThrow(Problem)
})

const anyAction = fc.constantFrom(...mlflowActions.map((action) => action.bare))
const anyFile = fc
  .array(
    fc.record({
      add: fc.array(anyAction, { maxLength: 5 }),
      remove: fc.array(anyAction, { maxLength: 5 }),
      bases: fc.array(fc.nat(30), { maxLength: 3 }),
    }),
    { maxLength: 8 },
  )
  .map((list) =>
    list.map(({ add, remove, bases }, index) => {
      // Bases are built-in personas or custom ones that come earlier, so there is no cycle.
      const names = [...builtInPersonas.map((persona) => persona.name), ...list.map((_, key) => `p${key}`)]
      const reachable = names.slice(0, builtInPersonas.length + index)
      return custom(`p${index}`, {
        add,
        remove,
        extends: bases.map((base) => reachable[base % reachable.length] ?? 'viewer'),
      })
    }),
  )

test('the order of the file changes nothing', () => {
  fc.assert(
    fc.property(anyFile, (file) => {
      const forward = expandPersonas(file)
      const backward = expandPersonas([...file].reverse())
      for (const persona of file) expect(backward.get(persona.name)).toEqual(forward.get(persona.name))
    }),
  )
})

test('a persona that only extends another holds exactly the same', () => {
  fc.assert(
    fc.property(anyFile, (file) => {
      const copies = file.map((persona) => custom(`copy-${persona.name}`, { extends: [persona.name] }))
      const expanded = expandPersonas([...file, ...copies])
      for (const { name } of file) {
        const { name: _, title, purpose, ...rest } = expanded.get(`copy-${name}`) ?? {}
        expect(expanded.get(name)).toMatchObject(rest)
      }
    }),
  )
})

test('an expanded persona holds its bases and additions, minus its removals, sorted, and nothing else', () => {
  fc.assert(
    fc.property(anyFile, (file) => {
      const expanded = expandPersonas(file)
      for (const { name, extends: bases, add, remove } of file) {
        const given = [...bases.flatMap((base) => [...(expanded.get(base)?.actions ?? [])]), ...add]
        const wanted = [...new Set(given)].filter((action) => !remove.includes(action)).sort()
        expect(expanded.get(name)?.actions).toEqual(wanted)
      }
    }),
  )
})
