import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { createSandbox, type SandboxState } from '@mlflow-iam/sandbox'
import { applyPlan } from '../src/apply/apply-plan.ts'
import type { ApplyEvent } from '../src/apply/events.ts'
import { loadJournal } from '../src/apply/journal-file.ts'
import { resumeApply } from '../src/apply/resume.ts'
import { applyRollback, planRollback } from '../src/apply/rollback.ts'
import { signIn } from './account.ts'
import { withFaults } from './faults.ts'
import { instantTime } from './instant-time.ts'
import { collect, freshFolder, quietly } from './scenario.ts'

/** What a crash leaves behind: the account as it was at that moment, and the journal as it was on the disk. */
export interface CrashImage {
  readonly what: string
  readonly state: SandboxState
  readonly journal: string
}

/**
 * Runs a plan once and takes an image before each write reached the account and after it did: every moment at
 * which losing the process could matter.
 */
export async function takeCrashImages(
  start: SandboxState,
  plan: Plan,
  concurrency = 4,
): Promise<{ readonly images: readonly CrashImage[]; readonly end: SandboxState; readonly journal: string }> {
  const sandbox = createSandbox({ state: start })
  const folder = freshFolder()
  const path = `${folder}/mlflow-iam-${plan.id}.journal.jsonl`
  const images: CrashImage[] = []
  const handler = withFaults(sandbox.requestHandler, {
    onWrite: (when, action) => {
      images.push({
        what: `${when} write ${Math.floor(images.length / 2) + 1} (${action})`,
        state: structuredClone(sandbox.state) as SandboxState,
        journal: existsSync(path) ? readFileSync(path, 'utf8') : '',
      })
    },
  })
  await collect(applyPlan(signIn(handler), plan, quietly(folder, { concurrency })))
  return { images, end: structuredClone(sandbox.state) as SandboxState, journal: readFileSync(path, 'utf8') }
}

export interface Recovery {
  /** The run says so, and its journal can be read to the end and says so too. */
  readonly ok: boolean
  readonly state: SandboxState
}

/** Goes on from an image, as `apply --resume` does after the crash. */
export async function resumeFrom(image: CrashImage): Promise<Recovery> {
  const { sandbox, path, folder } = lay(image)
  const events = await collect(resumeApply(signIn(sandbox.requestHandler), path, quietly(folder)))
  return outcome(events, sandbox.state, path)
}

/** Goes back from an image, as `rollback` does after the crash. */
export async function rollBackFrom(image: CrashImage): Promise<Recovery> {
  const { sandbox, path, folder } = lay(image)
  const connection = signIn(sandbox.requestHandler)
  const plan = await planRollback(connection, path, { timing: instantTime() })
  const events = await collect(applyRollback(connection, path, plan, quietly(folder)))
  return outcome(events, sandbox.state, path)
}

function lay({ state, journal }: CrashImage) {
  const folder = freshFolder()
  const path = `${folder}/mlflow-iam-x.journal.jsonl`
  writeFileSync(path, journal)
  return { sandbox: createSandbox({ state }), path, folder }
}

async function outcome(events: readonly ApplyEvent[], state: SandboxState, path: string): Promise<Recovery> {
  const last = events.at(-1)
  const { finished, rolledBackBy, torn } = await loadJournal(path)
  const closed = (finished || rolledBackBy !== undefined) && !torn
  return { ok: last?.event === 'finished' && last.ok && closed, state }
}
