import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { createSandbox } from '@mlflow-iam/sandbox'
import { expect, test } from 'vitest'
import { applyPlan, refuseUnfinished } from '../src/apply/apply-plan.ts'
import type { ApplyEvent } from '../src/apply/events.ts'
import { checkFresh } from '../src/apply/observe-for.ts'
import { prepareResume, resumeApply } from '../src/apply/resume.ts'
import { applyRollback, planRollback } from '../src/apply/rollback.ts'
import { connect } from '../src/connection.ts'
import { essence, signIn } from './account.ts'
import { withFaults } from './faults.ts'
import { instantTime } from './instant-time.ts'
import { afterText, collect, freshFolder, planFor, quietly, scenario } from './scenario.ts'

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error) => error,
  )
}

test('the account is sent exactly what the plan shows, once each', async () => {
  const { start, plan } = await scenario()
  const sandbox = createSandbox({ state: start })
  await collect(applyPlan(signIn(sandbox.requestHandler), plan, quietly(freshFolder())))
  const sent = sandbox.calls.filter(({ action }) => !/^(Get|List|Describe)/.test(action))
  const text = (calls: readonly { action: string; input: unknown }[]) =>
    calls.map(({ action, input }) => JSON.stringify([action, sortMembers(input)])).sort()
  expect(text(sent)).toEqual(text(plan.operations))
})

function sortMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortMembers)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sortMembers(member)]),
  )
}

test('nothing is taken away before everything that was given is there', async () => {
  const { start, plan } = await scenario()
  const sandbox = createSandbox({ state: start })
  await collect(applyPlan(signIn(sandbox.requestHandler), plan, quietly(freshFolder(), { concurrency: 8 })))
  const actions = sandbox.calls.map(({ action }) => action)
  const lastGiven = Math.max(actions.lastIndexOf('AttachUserPolicy'), actions.lastIndexOf('CreatePolicy'))
  const firstTaken = actions.findIndex((action) => action.startsWith('Detach'))
  const firstDeleted = actions.findIndex((action) => action === 'DeletePolicy' || action === 'DeleteRole')
  expect(lastGiven).toBeLessThan(firstTaken)
  expect(
    Math.max(...['User', 'Role', 'Group'].map((kind) => actions.lastIndexOf(`Detach${kind}Policy`))),
  ).toBeLessThan(firstDeleted)
})

test('an empty plan makes no journal', async () => {
  const { start, plan } = await scenario()
  const folder = freshFolder()
  const connection = signIn(createSandbox({ state: start }).requestHandler)
  const events = await collect(applyPlan(connection, { ...plan, operations: [] }, quietly(folder)))
  expect(events.map(({ event }) => event)).toEqual(['started', 'finished'])
  expect(readdirSync(folder)).toEqual([])
})

test('an unfinished journal must be resumed; a finished one makes room; resuming it again does nothing', async () => {
  const { start, plan } = await scenario()
  const folder = freshFolder()
  const sandbox = createSandbox({ state: start })
  const broken = signIn(
    withFaults(sandbox.requestHandler, {
      fault: ({ write, number }) => (write && number === 4 ? 'denied' : undefined),
    }),
  )
  await collect(applyPlan(broken, plan, quietly(folder)))
  const path = `${folder}/mlflow-iam-${plan.id}.journal.jsonl`
  const connection = signIn(sandbox.requestHandler)
  expect(await refusal(collect(applyPlan(connection, plan, quietly(folder))))).toMatchObject({
    code: 'UNFINISHED_JOURNAL',
    exit: 4,
    fix: [`mlflow-iam apply --resume ${path}`, `mlflow-iam rollback ${path}`],
  })
  expect(await refusal(refuseUnfinished(plan, { folder }))).toMatchObject({
    code: 'UNFINISHED_JOURNAL',
    exit: 4,
  })
  const prepared = await prepareResume(connection, path, { timing: instantTime() })
  expect(prepared.already + prepared.remaining.length).toBe(plan.operations.length)
  expect((await collect(resumeApply(connection, path, quietly(folder)))).at(-1)).toMatchObject({ ok: true })
  const calls = sandbox.calls.length
  expect((await collect(resumeApply(connection, path, quietly(folder)))).at(-1)).toMatchObject({ ok: true })
  expect(sandbox.calls).toHaveLength(calls)
  // The same plan once more, as if the account had been set back: the next free name.
  const again = signIn(createSandbox({ state: start }).requestHandler)
  await collect(applyPlan(again, plan, quietly(folder)))
  expect(existsSync(`${folder}/mlflow-iam-${plan.id}-2.journal.jsonl`)).toBe(true)
})

test('a journal that was cut off in its first line holds nothing up: nothing had been sent', async () => {
  const { start, plan } = await scenario()
  const folder = freshFolder()
  const path = `${folder}/mlflow-iam-${plan.id}.journal.jsonl`
  writeFileSync(path, '{"journal":"mlflow-iam","version":1,"kind":"app')
  const connection = signIn(createSandbox({ state: start }).requestHandler)
  expect(await refusal(collect(resumeApply(connection, path, quietly(folder))))).toMatchObject({
    code: 'JOURNAL_EMPTY',
    exit: 3,
  })
  expect((await collect(applyPlan(connection, plan, quietly(folder)))).at(-1)).toMatchObject({
    ok: true,
    journal: path,
  })
})

test('a file in the way that is no journal is never written over', async () => {
  const { start, plan } = await scenario()
  const folder = freshFolder()
  writeFileSync(`${folder}/mine.txt`, 'precious')
  const connection = signIn(createSandbox({ state: start }).requestHandler)
  expect(
    await refusal(collect(applyPlan(connection, plan, quietly(folder, { journal: `${folder}/mine.txt` })))),
  ).toMatchObject({ exit: 11 })
  expect(readFileSync(`${folder}/mine.txt`, 'utf8')).toBe('precious')
})

test('where no journal can be written, nothing is sent', async () => {
  const { start, plan } = await scenario()
  const sandbox = createSandbox({ state: start })
  const options = quietly(freshFolder(), { journal: '/dev/null/x.journal.jsonl' })
  expect(await refusal(collect(applyPlan(signIn(sandbox.requestHandler), plan, options)))).toMatchObject({
    code: 'JOURNAL_NOT_WRITABLE',
    exit: 3,
  })
  expect(essence(sandbox.state)).toEqual(essence(start))
})

test('a rollback has a journal of its own, restores the start, and lets the plan be applied anew', async () => {
  const { start, plan } = await scenario()
  const folder = freshFolder()
  const sandbox = createSandbox({ state: start })
  const connection = signIn(sandbox.requestHandler)
  await collect(applyPlan(connection, plan, quietly(folder)))
  const path = `${folder}/mlflow-iam-${plan.id}.journal.jsonl`
  const back = await planRollback(connection, path, { timing: instantTime() })
  // In the words of the plan that is taken back: its numbers say nothing to whoever reads the rollback.
  const meant = new Set(plan.operations.map(({ because }) => `Takes back: ${because}`))
  expect(back.operations.filter(({ because }) => !meant.has(because))).toEqual([])
  expect(back.findings.map(({ code }) => code)).toContain('not-exactly')
  await collect(applyRollback(connection, path, back, quietly(folder)))
  expect(essence(sandbox.state)).toEqual(essence(start))
  expect(existsSync(`${folder}/mlflow-iam-${plan.id}-rollback.journal.jsonl`)).toBe(true)
  expect(await refusal(collect(resumeApply(connection, path, quietly(folder))))).toMatchObject({
    code: 'ROLLED_BACK',
    exit: 3,
  })
  const anew = await planFor(connection, afterText, true)
  expect((await collect(applyPlan(connection, anew, quietly(folder)))).at(-1)).toMatchObject({ ok: true })
})

test('a rollback leaves alone what somebody has changed since, and says so', async () => {
  const { start, plan } = await scenario()
  const folder = freshFolder()
  const sandbox = createSandbox({ state: start })
  const connection = signIn(sandbox.requestHandler)
  await collect(applyPlan(connection, plan, quietly(folder)))
  const created = plan.operations.find((operation) => operation.action === 'CreatePolicy')
  if (created?.action !== 'CreatePolicy') throw new Error('The scenario creates a policy.')
  const arn = `arn:aws:iam::123456789012:policy${created.input.Path}${created.input.PolicyName}`
  const { client, api } = await connection.iam()
  await client.send(new api.AttachUserPolicyCommand({ UserName: 'ben', PolicyArn: arn }))
  const back = await planRollback(connection, `${folder}/mlflow-iam-${plan.id}.journal.jsonl`, {
    timing: instantTime(),
  })
  const left = back.findings.filter(({ code }) => code === 'not-taken-back')
  expect(left.map(({ message }) => message).join()).toContain('user/ben')
  expect(
    back.operations.some(
      (operation) => operation.action === 'DeletePolicy' && operation.input.PolicyArn === arn,
    ),
  ).toBe(false)
})

test('a plan made for another account is refused before anything is sent', async () => {
  const { start, plan } = await scenario()
  const connection = signIn(createSandbox({ state: start }).requestHandler)
  const other = { ...plan, account: '999999999999' }
  expect(await refusal(collect(applyPlan(connection, other, quietly(freshFolder()))))).toMatchObject({
    code: 'WRONG_ACCOUNT',
    exit: 3,
  })
  expect(await refusal(checkFresh(connection, other))).toMatchObject({ code: 'WRONG_ACCOUNT' })
})

test('a plan that was edited to change a foreign policy is refused before anything is sent', async () => {
  const { start, plan } = await scenario()
  const sandbox = createSandbox({ state: start })
  const operations = plan.operations.map((operation) =>
    operation.action === 'DeletePolicy'
      ? { ...operation, input: { PolicyArn: 'arn:aws:iam::123456789012:policy/theirs' } }
      : operation,
  )
  const attempt = collect(
    applyPlan(signIn(sandbox.requestHandler), { ...plan, operations }, quietly(freshFolder())),
  )
  expect(await refusal(attempt)).toMatchObject({ code: 'NOT_OURS', exit: 3 })
  expect(sandbox.calls).toEqual([])
})

test('a change to what the plan depends on is named (exit 7); any other change does not matter', async () => {
  const { start, plan } = await scenario()
  const connection = signIn(createSandbox({ state: start }).requestHandler)
  const { client, api } = await connection.iam()
  // leo's own attachments count only once an operation names him; a role that no operation names does not.
  await client.send(
    new api.TagRoleCommand({ RoleName: 'mlflow-tracking-server', Tags: [{ Key: 'team', Value: 'ml' }] }),
  )
  await checkFresh(connection, plan)
  const victim = plan.operations.find((operation) => operation.action === 'DetachUserPolicy')
  if (victim?.action !== 'DetachUserPolicy') throw new Error('The scenario detaches.')
  await client.send(new api.DetachUserPolicyCommand(victim.input))
  const problem = await refusal(checkFresh(connection, plan))
  expect(problem).toMatchObject({ code: 'STALE_PLAN', exit: 7 })
  expect((problem as { why: string }).why).toContain(victim.input.UserName)
})

test('a change made while a run was interrupted stops its resumption', async () => {
  const { start, plan } = await scenario()
  const folder = freshFolder()
  const sandbox = createSandbox({ state: start })
  const broken = signIn(
    withFaults(sandbox.requestHandler, {
      fault: ({ write, number }) => (write && number === 20 ? 'denied' : undefined),
    }),
  )
  const events = await collect(applyPlan(broken, plan, quietly(folder, { concurrency: 1 })))
  const done = new Set(events.flatMap((event) => (event.event === 'done' ? event.operation : [])))
  const attached = plan.operations.find(
    (operation) => operation.action === 'AttachUserPolicy' && done.has(operation.id),
  )
  if (attached?.action !== 'AttachUserPolicy') throw new Error('The scenario attaches.')
  const connection = signIn(sandbox.requestHandler)
  const { client, api } = await connection.iam()
  await client.send(new api.DetachUserPolicyCommand(attached.input))
  const path = `${folder}/mlflow-iam-${plan.id}.journal.jsonl`
  const problem = await refusal(collect(resumeApply(connection, path, quietly(folder))))
  expect(problem).toMatchObject({ code: 'STALE_PLAN', exit: 7 })
  expect((problem as { why: string }).why).toContain(attached.id)
})

test('two applies on one account: the second notices; a lock whose process is gone does not block', async () => {
  const { start, plan } = await scenario()
  const folder = freshFolder()
  const sandbox = createSandbox({ state: start })
  const connection = signIn(sandbox.requestHandler)
  const first = applyPlan(connection, plan, quietly(folder))
  await first.next()
  expect(
    await refusal(collect(applyPlan(connection, plan, quietly(folder, { folder: freshFolder() })))),
  ).toMatchObject({
    code: 'APPLY_RUNNING',
    exit: 4,
  })
  const locks = `${folder}/state/locks`
  const [lock] = readdirSync(locks)
  expect(JSON.parse(readFileSync(`${locks}/${lock}`, 'utf8'))).toMatchObject({
    process: process.pid,
    host: hostname(),
  })
  await collect(first)
  expect(readdirSync(locks)).toEqual([])

  const child = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => child.once('exit', resolve))
  mkdirSync(locks, { recursive: true })
  writeFileSync(
    `${locks}/${lock}`,
    JSON.stringify({ process: child.pid, host: hostname(), started: null, what: 'x', at: '' }),
  )
  const again = signIn(createSandbox({ state: start }).requestHandler)
  expect((await collect(applyPlan(again, plan, quietly(folder)))).at(-1)).toMatchObject({ ok: true })
})

test('interrupted once, a run finishes the calls that are out and starts none', async () => {
  const { start, plan } = await scenario()
  const folder = freshFolder()
  const stop = new AbortController()
  const sandbox = createSandbox({ state: start })
  const handler = withFaults(sandbox.requestHandler, {
    onWrite: (when) => (when === 'before' && handler.counts.writes === 10 ? stop.abort() : undefined),
  })
  const events = await collect(applyPlan(signIn(handler), plan, quietly(folder, { signal: stop.signal })))
  const sent = events.filter(({ event }) => event === 'sending').length
  const done = events.filter(({ event }) => event === 'done').length
  expect(done).toBe(sent)
  expect(handler.counts.writes).toBe(sent)
  expect(events.at(-1)).toMatchObject({ event: 'finished', ok: false, interrupted: true, failed: 0 })
  const path = `${folder}/mlflow-iam-${plan.id}.journal.jsonl`
  expect(
    (await collect(resumeApply(signIn(sandbox.requestHandler), path, quietly(folder)))).at(-1),
  ).toMatchObject({ ok: true })
})

test('interrupted twice, a run leaves at once and lists what nobody knows', async () => {
  const { start, plan } = await scenario()
  const folder = freshFolder()
  const stop = new AbortController()
  const leave = new AbortController()
  const sandbox = createSandbox({ state: start })
  const handler = withFaults(sandbox.requestHandler, {
    fault: ({ write, number }) => (write && number >= 9 ? 'hang' : undefined),
  })
  const events: ApplyEvent[] = []
  for await (const event of applyPlan(
    signIn(handler),
    plan,
    quietly(folder, { signal: stop.signal, abandon: leave.signal }),
  )) {
    events.push(event)
    if (event.event === 'sending' && events.filter((other) => other.event === 'sending').length === 10) {
      stop.abort()
      setTimeout(() => leave.abort(), 50)
    }
  }
  const unknown = events.flatMap((event) => (event.event === 'unknown' ? event.operation : []))
  expect(unknown.length).toBeGreaterThan(0)
  expect(events.at(-1)).toMatchObject({ event: 'finished', ok: false, interrupted: true })
  const path = `${folder}/mlflow-iam-${plan.id}.journal.jsonl`
  expect(
    (await collect(resumeApply(signIn(sandbox.requestHandler), path, quietly(folder)))).at(-1),
  ).toMatchObject({ ok: true })
})

test('no credential, token or signature is ever in a journal', async () => {
  const { start, plan } = await scenario()
  const folder = freshFolder()
  const sandbox = createSandbox({ state: start })
  const secret = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY',
    sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLETOKENEXAMPLETOKEN',
  }
  const handler = withFaults(sandbox.requestHandler, {
    fault: ({ write, number }) =>
      write && number % 5 === 0
        ? number % 2
          ? 'lost'
          : 'throttle'
        : write && number === 38
          ? 'denied'
          : undefined,
  })
  const connection = connect({ requestHandler: handler, region: 'eu-west-1', credentials: secret })
  const events = await collect(applyPlan(connection, plan, quietly(folder)))
  const text =
    readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
      .join() + JSON.stringify(events)
  for (const value of Object.values(secret)) expect(text).not.toContain(value)
  expect(text).not.toMatch(/Signature=|Authorization|X-Amz-Security-Token/i)
})
