import type { UnknownPart } from '@mlflow-iam/core/snapshot/snapshot'
import type { AwsConnection } from '../connection.ts'
import { isNotOffered } from '../failure.ts'
import { patiently } from '../read.ts'
import { redact } from '../redact.ts'
import { type Doing, toProblem } from '../refusals.ts'
import { realTime, type Timing } from '../time.ts'

/** One reading of an account in progress: the calls it makes, and what it could not see. */
export interface Reading {
  readonly connection: AwsConnection
  readonly unknown: UnknownPart[]
  /** Makes a call that must succeed; a refusal becomes a Problem that names the action. */
  must<T>(action: string, words: string, call: () => Promise<T>): Promise<T>
  /**
   * Makes the calls of one part. Where it is not required, a refusal is noted and `fallback` returned.
   * An endpoint that has no such operation (an emulator) never fails a reading: the part is unknown there.
   */
  part<T>(part: string, required: boolean, fallback: T, read: () => Promise<T>): Promise<T>
}

export function startReading(connection: AwsConnection, timing: Timing = realTime): Reading {
  const unknown: UnknownPart[] = []
  const doing = (action: string, words: string): Doing => ({
    action,
    words,
    profile: connection.settings.profile,
    endpoint: connection.place.startsWith('http') ? connection.place : undefined,
  })
  return {
    connection,
    unknown,
    async must(action, words, call) {
      try {
        return await patiently(call, timing)
      } catch (error) {
        throw new Refusal(action, error, toProblem(error, doing(action, words)))
      }
    },
    async part(part, required, fallback, read) {
      try {
        return await read()
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        const optional = !required && error.problem.exit !== 5
        const notOffered = isNotOffered(error.cause)
        if (!optional && !notOffered) throw error.problem
        const { action, problem } = error
        unknown.push({ part, action, why: redact(problem.why), ...(notOffered ? { notOffered } : {}) })
        return fallback
      }
    },
  }
}

/** A refused call on its way to whoever knows whether it was required. */
export class Refusal extends Error {
  readonly action: string
  readonly problem: ReturnType<typeof toProblem>

  constructor(action: string, cause: unknown, problem: ReturnType<typeof toProblem>) {
    super(problem.what, { cause })
    this.action = action
    this.problem = problem
  }
}
