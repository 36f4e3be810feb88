import type { Plan } from '@mlflow-iam/core/plan/plan'
import { createSandbox, type SandboxState } from '@mlflow-iam/sandbox'
import { applyPlan } from '../src/apply/apply-plan.ts'
import type { ApplyEvent } from '../src/apply/events.ts'
import { resumeApply } from '../src/apply/resume.ts'
import { applyRollback, planRollback } from '../src/apply/rollback.ts'
import { connect, type RequestHandler } from '../src/connection.ts'
import { essence } from './account.ts'
import { type Fault, withFaults } from './faults.ts'
import { instantTime, seededRandom } from './instant-time.ts'
import { freshFolder, quietly } from './scenario.ts'

const faults: readonly Fault[] = ['throttle', 'delay', 'drop', 'lost', '500', '500-lost', 'denied']

export interface ScheduleResult {
  readonly end: unknown
  /** How many times the run had to be started before it was through. */
  readonly starts: number
  readonly back: unknown
}

/** An account that faults can be put before. */
export interface Victim {
  readonly handler: RequestHandler
  readonly endpointUrl?: string
  /** What counts of its state. */
  look(): Promise<unknown>
}

/** A misfortune of the sandbox. */
export async function sufferFaultsInSandbox(
  start: SandboxState,
  plan: Plan,
  seed: number,
): Promise<ScheduleResult> {
  const sandbox = createSandbox({ state: start })
  return sufferFaults(
    { handler: sandbox.requestHandler, look: async () => essence(sandbox.state) },
    plan,
    seed,
  )
}

/**
 * One random misfortune: calls fail in every way, runs break off and are resumed until they are through; then
 * everything is rolled back the same way. The seed decides all of it.
 */
export async function sufferFaults(victim: Victim, plan: Plan, seed: number): Promise<ScheduleResult> {
  const random = seededRandom(seed)
  const rate = 0.02 + random() * 0.25
  let calm = false
  const faulty = withFaults(victim.handler, {
    fault: ({ action, write }) => {
      if (calm || random() >= rate) return undefined
      const fault = faults[Math.floor(random() * faults.length)]
      // Who may not even ask who is signed in cannot start; that is another test.
      return fault === 'denied' && (!write || action === 'GetCallerIdentity') ? undefined : fault
    },
  })
  const settings = { region: 'eu-west-1', ...(victim.endpointUrl ? { endpointUrl: victim.endpointUrl } : {}) }
  const connection = connect({ requestHandler: faulty, ...settings })
  const calmConnection = connect({ requestHandler: victim.handler, ...settings })
  const folder = freshFolder()
  const options = () =>
    quietly(folder, {
      concurrency: 1 + Math.floor(random() * 6),
      timing: instantTime(Math.floor(random() * 1e9)),
    })
  const path = `${folder}/mlflow-iam-${plan.id}.journal.jsonl`
  const calmDown = () => {
    calm = true
  }

  const starts = await untilThrough(
    () => applyPlan(connection, plan, options()),
    () => resumeApply(connection, path, options()),
    calmDown,
  )
  const end = await victim.look()
  calm = false
  const back = await planRollback(calmConnection, path, { timing: instantTime(seed) })
  const own = `${folder}/mlflow-iam-${plan.id}-rollback.journal.jsonl`
  await untilThrough(
    () => applyRollback(connection, path, back, options()),
    () => resumeApply(connection, own, options()),
    calmDown,
  )
  return { end, starts, back: await victim.look() }
}

async function untilThrough(
  first: () => AsyncGenerator<ApplyEvent>,
  again: () => AsyncGenerator<ApplyEvent>,
  calmDown: () => void,
): Promise<number> {
  let begun = false
  for (let starts = 1; ; starts += 1) {
    if (starts > 30) calmDown()
    if (starts > 40) throw new Error('The run never came through, even without faults.')
    try {
      for await (const event of begun ? again() : first()) {
        if (event.event === 'started') begun = true
        if (event.event === 'finished' && event.ok) return starts
      }
    } catch (error) {
      // Reads may fail for good too: the run then refuses to start, and is started again.
      if (!(error instanceof Error) || error.name !== 'Problem') throw error
    }
  }
}
