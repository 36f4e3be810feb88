import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attach, create, detach, newVersion, remove } from '../../test/hand-made-plan.ts'
import type { Operation } from '../plan/operation.ts'
import { orderSteps } from './order-steps.ts'
import { startSchedule } from './schedule.ts'

/** Runs a schedule with so many calls out at once; which of them ends first is the chooser's. */
function run(
  operations: readonly Operation[],
  width: number,
  choose: (count: number) => number = () => 0,
  fails: (operation: Operation) => boolean = () => false,
) {
  const schedule = startSchedule(operations)
  const out: Operation[] = []
  const events: string[] = []
  const skipped: string[] = []
  for (;;) {
    while (out.length < width) {
      const operation = schedule.next()
      if (!operation) break
      out.push(operation)
      events.push(`start ${operation.id}`)
    }
    skipped.push(...schedule.takeSkipped().map(({ operation }) => operation.id))
    if (out.length === 0) return { events, skipped, left: schedule.left }
    const [ended] = out.splice(choose(out.length) % out.length, 1)
    if (!ended) throw new Error('Nothing was out.')
    events.push(`end ${ended.id}`)
    schedule.end(ended, fails(ended) ? 'failed' : 'done')
  }
}

const starts = (events: readonly string[]) =>
  events.filter((event) => event.startsWith('start')).map((event) => event.slice(6))

test('a policy is attached only after it was created, and several are created at once', () => {
  const { events } = run(
    [create('1', 'p'), create('2', 'q'), attach('3', 'ana', 'p'), attach('4', 'ben', 'q')],
    4,
  )
  expect(events.slice(0, 2)).toEqual(['start 1', 'start 2'])
  expect(events.indexOf('start 3')).toBeGreaterThan(events.indexOf('end 1'))
})

test('one principal and one policy have one call out at a time', () => {
  const { events } = run(
    [attach('1', 'ana', 'p'), attach('2', 'ana', 'q'), attach('3', 'ben', 'p'), attach('4', 'chen', 'r')],
    4,
  )
  expect(events.slice(0, 2)).toEqual(['start 1', 'start 4'])
})

test('what narrows waits for everything that widens, and deletions wait for that', () => {
  const operations = [
    ...[newVersion('1', 'p'), attach('2', 'ana', 'q')],
    ...[newVersion('3', 'r', true), detach('4', 'ben', 's')],
    remove('5', 't'),
  ]
  expect(orderSteps(operations).map(({ phase }) => phase)).toEqual([0, 0, 1, 1, 2])
})

test('making room for a version does not wait for the end', () => {
  const room: Operation = {
    ...{ id: '2', because: '', risk: 'changes', inverse: [], action: 'DeletePolicyVersion' },
    input: { PolicyArn: 'arn:aws:iam::123456789012:policy/mlflow-iam/ml-platform/p', VersionId: 'v1' },
  }
  const steps = orderSteps([create('1', 'q'), room, newVersion('3', 'p'), attach('4', 'ana', 'p')])
  expect(steps.map(({ phase }) => phase)).toEqual([0, 0, 0, 0])
  expect(steps.map(({ needs }) => needs)).toEqual([[], [], [1], [2]])
})

test('a failure takes along what needs it, and nothing else', () => {
  const operations = [
    ...[create('1', 'p'), create('2', 'q'), attach('3', 'ana', 'p'), attach('4', 'ben', 'q')],
    ...[detach('5', 'ana', 'old'), detach('6', 'ben', 'old'), remove('7', 'old')],
  ]
  const { events, skipped, left } = run(
    operations,
    4,
    () => 0,
    ({ id }) => id === '1',
  )
  // ana does not get p, so she keeps what she had; and what she keeps cannot be deleted.
  expect(skipped.sort()).toEqual(['3', '5', '7'])
  expect(starts(events)).toEqual(['1', '2', '4', '6'])
  expect(left).toBe(0)
})

test('operations that were done before are not handed out again', () => {
  const schedule = startSchedule([create('1', 'p'), attach('2', 'ana', 'p')], new Set(['1']))
  expect(schedule.next()?.id).toBe('2')
})

const anyOperation = fc.record({
  kind: fc.constantFrom('create', 'version', 'attach', 'detach', 'narrow', 'remove'),
  user: fc.constantFrom('ana', 'ben', 'chen'),
  policy: fc.constantFrom('p', 'q', 'r', 's'),
})

function build(parts: readonly { kind: string; user: string; policy: string }[]): Operation[] {
  const rank = ['create', 'version', 'attach', 'narrow', 'detach', 'remove']
  return [...parts]
    .sort((a, b) => rank.indexOf(a.kind) - rank.indexOf(b.kind))
    .map(({ kind, user, policy }, place) => {
      const id = String(place + 1)
      if (kind === 'create') return create(id, policy)
      if (kind === 'version') return newVersion(id, policy)
      if (kind === 'attach') return attach(id, user, policy)
      if (kind === 'narrow') return newVersion(id, policy, true)
      return kind === 'detach' ? detach(id, user, policy) : remove(id, policy)
    })
}

test('any plan is run to its end, each operation once, in an order that its graph allows, whatever ends first', () => {
  fc.assert(
    fc.property(
      fc.array(anyOperation, { maxLength: 40 }),
      fc.integer({ min: 1, max: 8 }),
      fc.infiniteStream(fc.nat(100)),
      fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
      (parts, width, choices, failing) => {
        const operations = build(parts)
        const fails = (operation: Operation) =>
          (failing[Number(operation.id) - 1] ?? false) && Number(operation.id) % 7 === 0
        const choose = () => choices.next().value ?? 0
        const { events, skipped, left } = run(operations, width, choose, fails)
        expect(left).toBe(0)
        const ran = starts(events)
        expect([...ran, ...skipped].sort()).toEqual(operations.map(({ id }) => id).sort())
        const at = new Map(events.map((event, place) => [event, place]))
        const steps = orderSteps(operations)
        const busy = new Set<string>()
        const byId = new Map(steps.map((step) => [step.operation.id, step]))
        for (const event of events) {
          const [what, id = ''] = event.split(' ')
          for (const subject of byId.get(id)?.subjects ?? []) {
            if (what === 'start') expect(busy.has(subject)).toBe(false)
            if (what === 'start') busy.add(subject)
            else busy.delete(subject)
          }
        }
        for (const step of steps) {
          const start = at.get(`start ${step.operation.id}`)
          if (start === undefined) continue
          for (const need of step.needs) {
            const needed = steps[need]?.operation
            if (!needed) continue
            expect(fails(needed)).toBe(false)
            expect(at.get(`end ${needed.id}`)).toBeLessThan(start)
          }
          for (const other of steps) {
            if (other.phase >= step.phase) continue
            const end = at.get(`end ${other.operation.id}`)
            if (end !== undefined) expect(end).toBeLessThan(start)
          }
        }
      },
    ),
    { numRuns: 200 },
  )
})

test('ten thousand attachments of one policy are lined up without going over them again and again', () => {
  const operations = [
    create('c', 'p'),
    ...Array.from({ length: 10_000 }, (_, place) => attach(`a${place}`, `user-${place}`, 'p')),
  ]
  const { events } = run(operations, 8)
  expect(starts(events)).toHaveLength(10_001)
})
