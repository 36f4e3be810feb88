import { createSandbox } from '@mlflow-iam/sandbox'
import { expect, test } from 'vitest'
import { applyPlan } from '../src/apply/apply-plan.ts'
import type { ApplyEvent } from '../src/apply/events.ts'
import { resumeApply } from '../src/apply/resume.ts'
import { essence, signIn } from './account.ts'
import { sufferFaultsInSandbox } from './fault-schedule.ts'
import { type Fault, withFaults } from './faults.ts'
import { instantTime } from './instant-time.ts'
import { collect, freshFolder, quietly, scenario } from './scenario.ts'

const rounds = Number(process.env.FAULT_SCHEDULES ?? 8)
const firstSeed = Number(process.env.FAULT_SEED ?? 1)

test(`${rounds} random fault schedules end as an undisturbed run does, and roll back to the start`, async () => {
  const { start, plan } = await scenario()
  const undisturbed = createSandbox({ state: start })
  await collect(applyPlan(signIn(undisturbed.requestHandler), plan, quietly(freshFolder())))
  const expected = { end: essence(undisturbed.state), back: essence(start) }
  for (let seed = firstSeed; seed < firstSeed + rounds; seed += 1) {
    const { end, back } = await sufferFaultsInSandbox(start, plan, seed)
    expect({ end, back }, `seed ${seed}`).toEqual(expected)
  }
}, 3_600_000)

/** Runs the scenario with one kind of fault at the given write. */
async function runWith(fault: (number: number, write: boolean) => Fault | undefined, more = {}) {
  const { start, plan } = await scenario()
  const sandbox = createSandbox({ state: start })
  const handler = withFaults(sandbox.requestHandler, {
    fault: ({ number, write }) => fault(number, write),
    ...more,
  })
  const timing = instantTime()
  const options = quietly(freshFolder(), { timing })
  const events = await collect(applyPlan(signIn(handler), plan, options))
  return { events, state: sandbox.state, timing, plan, counts: handler.counts, sent: sandbox.calls }
}

function only<K extends ApplyEvent['event']>(events: readonly ApplyEvent[], kind: K) {
  return events.filter((event): event is Extract<ApplyEvent, { event: K }> => event.event === kind)
}

test('a throttled call slows everything down, is said, and is tried again', async () => {
  const { events, timing } = await runWith((number, write) =>
    write && [5, 6, 7].includes(number) ? 'throttle' : undefined,
  )
  const throttled = only(events, 'throttled')
  expect(throttled.length).toBe(3)
  expect(throttled.map(({ concurrency }) => concurrency)).toEqual([2, 1, 1])
  for (const { of, waitMs } of throttled) {
    expect(of).toBe(6)
    expect(waitMs).toBeGreaterThan(0)
    expect(timing.slept).toContain(waitMs)
  }
  expect(events.at(-1)).toMatchObject({ event: 'finished', ok: true, failed: 0 })
})

test('AWS is not asked again before it said so', async () => {
  const { events } = await runWith((number, write) => (write && number === 5 ? 'throttle' : undefined), {
    headers: { 'retry-after': '17' },
  })
  expect(only(events, 'throttled')[0]?.waitMs).toBe(17_000)
})

test('a call that is throttled six times fails, and nothing more is sent', async () => {
  const { events, plan } = await runWith((number, write) => (write && number >= 5 ? 'throttle' : undefined))
  const [failed] = only(events, 'failed')
  expect(failed?.error).toMatchObject({ code: 'THROTTLED', exit: 8 })
  const last = only(events, 'finished')[0]
  expect(last?.ok).toBe(false)
  expect(last?.done).toBeLessThan(plan.operations.length)
})

test('an answer that got lost is asked for, not repeated', async () => {
  for (const fault of ['lost', '500-lost'] as const) {
    const { events, sent, plan } = await runWith((number, write) =>
      write && number % 4 === 0 ? fault : undefined,
    )
    expect(events.at(-1)).toMatchObject({ ok: true })
    const writes = sent.filter(({ action }) => !/^(Get|List|Describe)/.test(action))
    expect(writes).toHaveLength(plan.operations.length)
  }
})

test('a refusal stops the run, names the missing action, and says what was not sent', async () => {
  const { events, plan, counts } = await runWith((number, write) =>
    write && number === 9 ? 'denied' : undefined,
  )
  const [failed] = only(events, 'failed')
  expect(failed?.error).toMatchObject({ code: 'ACCESS_DENIED', exit: 6 })
  expect(failed?.error.why).toMatch(/iam:[A-Z][A-Za-z]+/)
  // Those that were out when it came are seen to their end; no other is started.
  expect(counts.writes).toBeLessThanOrEqual(9 + 3)
  expect(events.at(-1)).toMatchObject({ ok: false, failed: 1 })
  expect(only(events, 'done').length).toBeLessThan(plan.operations.length)
})

test('an endpoint that goes away stops the run; the journal goes on from there', async () => {
  const { start, plan } = await scenario()
  const folder = freshFolder()
  const sandbox = createSandbox({ state: start })
  let away = false
  const handler = withFaults(sandbox.requestHandler, {
    fault: ({ write, number }) => {
      away ||= write && number === 12
      return away ? 'down' : undefined
    },
  })
  const events = await collect(applyPlan(signIn(handler), plan, quietly(folder)))
  expect(only(events, 'failed')[0]?.error).toMatchObject({ code: 'ENDPOINT_UNREACHABLE', exit: 8 })
  const path = `${folder}/mlflow-iam-${plan.id}.journal.jsonl`
  expect(
    (await collect(resumeApply(signIn(sandbox.requestHandler), path, quietly(folder)))).at(-1),
  ).toMatchObject({ ok: true })
})

test('with --on-error continue, all that does not depend on a failure is done', async () => {
  const { start, plan } = await scenario()
  const victim = plan.operations.find((operation) => operation.action === 'CreatePolicy')
  const sandbox = createSandbox({ state: start })
  const handler = withFaults(sandbox.requestHandler, {
    fault: ({ action, number, write }) =>
      write && action === 'CreatePolicy' && number === 1 ? 'denied' : undefined,
  })
  const events = await collect(
    applyPlan(signIn(handler), plan, quietly(freshFolder(), { onError: 'continue', concurrency: 1 })),
  )
  const failed = only(events, 'failed').map(({ operation }) => operation)
  const skipped = only(events, 'skipped').map(({ operation }) => operation)
  expect(failed).toEqual([victim?.id])
  expect(skipped.length).toBeGreaterThan(0)
  expect(only(events, 'done').length + failed.length + skipped.length).toBe(plan.operations.length)
})

test('with --on-error rollback, a failure leads back to the start', async () => {
  const { start, plan } = await scenario()
  const sandbox = createSandbox({ state: start })
  const handler = withFaults(sandbox.requestHandler, {
    fault: ({ number, write }) => (write && number === 25 ? 'denied' : undefined),
  })
  const events = await collect(
    applyPlan(signIn(handler), plan, quietly(freshFolder(), { onError: 'rollback' })),
  )
  expect(events.at(-1)).toMatchObject({ event: 'finished', ok: false, rolledBack: true })
  expect(essence(sandbox.state)).toEqual(essence(start))
})

test('a run goes on without what is left out and what needs it; a later one makes up for it', async () => {
  const { start, plan } = await scenario()
  for (const left of plan.operations) {
    const sandbox = createSandbox({ state: start })
    const denies = withFaults(sandbox.requestHandler, {
      fault: ({ write }) => (write ? 'denied' : undefined),
    })
    const options = quietly(freshFolder(), { timing: instantTime() })
    const stopped = only(await collect(applyPlan(signIn(denies), plan, options)), 'finished')[0]
    expect(stopped).toMatchObject({ ok: false, done: 0 })
    const journal = stopped?.journal
    if (!journal) throw new Error('The run has no journal.')
    const leaveOut = new Set([left.id])
    const events = await collect(
      resumeApply(signIn(sandbox.requestHandler), journal, { ...options, leaveOut }),
    )
    const skipped = only(events, 'skipped')
    expect(skipped[0]).toMatchObject({ operation: left.id, because: 'left out' })
    expect(only(events, 'sending').map(({ operation }) => operation)).not.toContain(left.id)
    const end = events.at(-1)
    expect(end).toMatchObject({ ok: false, failed: 0, done: plan.operations.length - skipped.length })
    expect(end).not.toHaveProperty('interrupted')
    const again = await collect(resumeApply(signIn(sandbox.requestHandler), journal, options))
    expect(again.at(-1)).toMatchObject({ ok: true, done: plan.operations.length })
  }
})
