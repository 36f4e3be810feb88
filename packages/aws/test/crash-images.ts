import { existsSync, readFileSync } from 'node:fs'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { createSandbox, type SandboxState } from '@mlflow-iam/sandbox'
import { applyPlan } from '../src/apply/apply-plan.ts'
import { signIn } from './account.ts'
import { withFaults } from './faults.ts'
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
