import type { ApplyEvent } from '@mlflow-iam/aws/apply/events'
import type { Operation } from '@mlflow-iam/core/plan/operation'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { Io } from './io.ts'
import { planLines } from './plan-lines.ts'
import { terminalText } from './terminal-text.ts'

/** Tells a person how an apply goes, on standard error: one counted line, and every failure in full. */
export class ApplyProgress {
  readonly #io: Io
  readonly #redraws: boolean
  readonly #labels: ReadonlyMap<Operation['id'], string>
  #total = 0
  #done = 0
  #lastLine = 0

  constructor(plan: Plan, io: Io, redraws: boolean) {
    const lines = planLines(plan)
    this.#io = io
    this.#redraws = redraws && !io.quiet
    this.#labels = new Map(
      plan.operations.map(({ id, action }, index) => [id, `${action} for ${lines[index]?.who ?? 'nobody'}`]),
    )
  }

  tell(event: ApplyEvent): void {
    switch (event.event) {
      case 'started':
        this.#total = event.operations
        this.#done = 0
        if (event.journal !== null) this.#say(`Journal: ${event.journal}`)
        return
      case 'sending':
        if (this.#io.verbose > 0) this.#say(`sending ${event.operation}: ${this.#label(event.operation)}`)
        return
      case 'done':
        this.#done += 1
        this.#count()
        return
      case 'throttled':
        this.#say(
          `AWS asks to slow down (try ${event.attempt} of ${event.of}); ${event.concurrency} at once from now on.`,
        )
        return
      case 'settling':
        if (this.#io.verbose > 0) this.#say(`settling: ${event.what}`)
        return
      case 'failed': {
        const { what, why, fix } = event.error
        this.#say(`failed  ${this.#label(event.operation)}`, true)
        this.#say(
          [
            what,
            `  why  ${why}`,
            ...fix.map((line, index) => `  ${index === 0 ? 'fix' : '   '}  ${line}`),
          ].join('\n'),
          true,
        )
        return
      }
      case 'skipped':
        this.#say(`not sent  ${this.#label(event.operation)}: ${event.because}`)
        return
      case 'unknown':
        this.#say(`outcome unknown  ${this.#label(event.operation)}`, true)
        return
      case 'rolling-back':
        this.#total = event.operations
        this.#done = 0
        this.#say('Taking back what was done …')
        return
      case 'finished':
        this.#clear()
    }
  }

  #label(operation: string): string {
    return this.#labels.get(operation) ?? operation
  }

  /** Redrawn in a terminal; elsewhere a line now and then, at most one every five seconds. */
  #count(): void {
    const text = `${this.#done} of ${this.#total} done`
    if (this.#redraws) {
      process.stderr.write(`\r\u001b[K${text}`)
      return
    }
    const now = Date.now()
    if (now - this.#lastLine < 5000) return
    this.#lastLine = now
    this.#io.note(text)
  }

  #say(text: string, important = false): void {
    this.#clear()
    const safe = text.split('\n').map(terminalText).join('\n')
    if (important) this.#io.error(safe)
    else this.#io.note(safe)
  }

  #clear(): void {
    if (this.#redraws) process.stderr.write('\r\u001b[K')
  }
}
