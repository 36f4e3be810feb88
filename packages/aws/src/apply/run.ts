import type { JournalEvent } from '@mlflow-iam/core/journal/journal'
import type { Operation } from '@mlflow-iam/core/plan/operation'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { AwsConnection } from '../connection.ts'
import { realTime, type Timing } from '../time.ts'
import type { ApplyEvent, ApplyOptions } from './events.ts'
import type { JournalFile } from './journal-file.ts'
import { type Pace, startPace } from './pace.ts'

/** One plan on its way: what every part of the engine shares. */
export interface Run {
  readonly connection: AwsConnection
  readonly plan: Plan
  readonly journal: JournalFile
  readonly timing: Timing
  readonly pace: Pace
  readonly settleMs: number
  /** Values that AWS invented, by operation. Its keys are the operations that are done. */
  readonly answers: Map<string, Readonly<Record<string, string>>>
  /** Fires when no further call may be started. */
  readonly stopping: AbortSignal
  readonly abandon: AbortSignal | undefined
  /** Subjects that this run has written to: what AWS may not show everywhere yet. */
  readonly touched: Set<string>
  emit(event: ApplyEvent): void
  write(line: JournalEvent): Promise<void>
  stop(): void
  now(): string
}

export interface RunSetup {
  readonly connection: AwsConnection
  readonly plan: Plan
  readonly journal: JournalFile
  readonly options: ApplyOptions
  readonly answers: ReadonlyMap<string, Readonly<Record<string, string>>>
  readonly emit: (event: ApplyEvent) => void
}

export function setUpRun({ connection, plan, journal, options, answers, emit }: RunSetup): Run {
  const timing = options.timing ?? realTime
  const stopper = new AbortController()
  if (options.signal?.aborted) stopper.abort()
  options.signal?.addEventListener('abort', () => stopper.abort(), { once: true })
  options.abandon?.addEventListener('abort', () => stopper.abort(), { once: true })
  return {
    connection,
    plan,
    journal,
    timing,
    pace: startPace(options.concurrency ?? 4),
    settleMs: options.settleMs ?? 120_000,
    answers: new Map(answers),
    stopping: stopper.signal,
    abandon: options.abandon,
    touched: new Set(),
    emit,
    write: (line) => journal.write(line),
    stop: () => stopper.abort(),
    now: () => new Date(timing.now()).toISOString(),
  }
}

export type Outcome = 'done' | 'failed' | 'interrupted' | 'unknown'

export interface Delivery {
  readonly operation: Operation
  readonly outcome: Outcome
}
