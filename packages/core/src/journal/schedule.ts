import type { Operation } from '../plan/operation.ts'
import { orderSteps, type Step } from './order-steps.ts'

export interface Skipped {
  readonly operation: Operation
  /** Id of the operation that it needed. */
  readonly because: string
}

/**
 * Hands out a plan's operations one by one, as soon as each may be sent: what it needs has succeeded, its phase
 * has come, and no other call is out for the same principal or policy.
 */
export interface Schedule {
  /** The next operation to send; undefined while others must end first, and at the end. */
  next(): Operation | undefined
  /** Says how an operation that was handed out has ended. */
  end(operation: Operation, outcome: 'done' | 'failed'): void
  /** The operations that can no longer run because one that they need failed. Empties the list. */
  takeSkipped(): readonly Skipped[]
  /** The phase that is running; grows when a barrier is passed. */
  readonly phase: number
  /** Operations that have neither ended nor been skipped. */
  readonly left: number
}

/** Starts a schedule; operations in `done` count as having succeeded before. */
export function startSchedule(
  operations: readonly Operation[],
  done: ReadonlySet<string> = new Set(),
): Schedule {
  return new PlanSchedule(orderSteps(operations), done)
}

type State = 'waiting' | 'out' | 'done' | 'failed' | 'skipped'

class PlanSchedule implements Schedule {
  readonly #steps: readonly Step[]
  readonly #places: ReadonlyMap<string, number>
  readonly #states: State[]
  /** How many needs of each step have not ended yet. */
  readonly #open: number[]
  readonly #dependents: number[][]
  readonly #leftInPhase: number[] = []
  readonly #placesInPhase: number[][] = []
  readonly #busy = new Set<string>()
  /** Steps that wait for a busy object. */
  readonly #parked = new Map<string, number[]>()
  #freed: string[] = []
  #ready: number[] = []
  #skipped: Skipped[] = []
  #opened = -1
  phase = 0
  left: number

  constructor(steps: readonly Step[], done: ReadonlySet<string>) {
    this.#steps = steps
    this.#places = new Map(steps.map((step, place) => [step.operation.id, place]))
    this.#states = steps.map((step) => (done.has(step.operation.id) ? 'done' : 'waiting'))
    this.#dependents = steps.map(() => [])
    this.#open = steps.map(({ needs }, place) => {
      const open = needs.filter((need) => this.#states[need] !== 'done')
      for (const need of open) this.#dependents[need]?.push(place)
      return open.length
    })
    this.left = 0
    steps.forEach(({ phase }, place) => {
      this.#leftInPhase[phase] ??= 0
      const places = this.#placesInPhase[phase]
      if (places) places.push(place)
      else this.#placesInPhase[phase] = [place]
      if (this.#states[place] === 'done') return
      this.#leftInPhase[phase] = (this.#leftInPhase[phase] ?? 0) + 1
      this.left += 1
    })
    this.#openPhase()
  }

  next(): Operation | undefined {
    for (;;) {
      const place = this.#candidate()
      if (place === undefined) return undefined
      const step = this.#steps[place]
      if (!step) return undefined
      const blocker = step.subjects.find((subject) => this.#busy.has(subject))
      if (blocker === undefined) {
        for (const subject of step.subjects) this.#busy.add(subject)
        this.#states[place] = 'out'
        return step.operation
      }
      const queue = this.#parked.get(blocker)
      if (queue) queue.push(place)
      else this.#parked.set(blocker, [place])
    }
  }

  end(operation: Operation, outcome: 'done' | 'failed'): void {
    const place = this.#places.get(operation.id)
    if (place === undefined) return
    for (const subject of this.#steps[place]?.subjects ?? []) {
      this.#busy.delete(subject)
      if (this.#parked.has(subject)) this.#freed.push(subject)
    }
    this.#close(place, outcome)
    this.#openPhase()
  }

  takeSkipped(): readonly Skipped[] {
    const taken = this.#skipped
    this.#skipped = []
    return taken
  }

  /** The next step worth a try: first those whose object has become free, then those that became ready. */
  #candidate(): number | undefined {
    for (;;) {
      const subject = this.#freed[0]
      if (subject === undefined) return this.#ready.shift()
      const queue = this.#busy.has(subject) ? undefined : this.#parked.get(subject)
      const place = queue?.shift()
      if (queue?.length === 0) this.#parked.delete(subject)
      if (place !== undefined) return place
      this.#freed.shift()
    }
  }

  #close(place: number, outcome: 'done' | 'failed' | 'skipped'): void {
    // A list instead of recursion: one failure may end ten thousand steps.
    const closing: [number, typeof outcome][] = [[place, outcome]]
    for (let item = closing.pop(); item; item = closing.pop()) {
      const [at, how] = item
      const step = this.#steps[at]
      if (!step) continue
      this.#states[at] = how
      this.left -= 1
      this.#leftInPhase[step.phase] = (this.#leftInPhase[step.phase] ?? 1) - 1
      for (const dependent of this.#dependents[at] ?? []) {
        if (this.#states[dependent] !== 'waiting') continue
        if (how === 'done') {
          this.#open[dependent] = (this.#open[dependent] ?? 1) - 1
          if (this.#open[dependent] === 0 && this.#steps[dependent]?.phase === this.phase)
            this.#ready.push(dependent)
        } else {
          const operation = this.#steps[dependent]?.operation
          if (!operation) continue
          this.#states[dependent] = 'skipped'
          this.#skipped.push({ operation, because: step.operation.id })
          closing.push([dependent, 'skipped'])
        }
      }
    }
  }

  /** Moves past finished phases and makes the steps of the next one ready. */
  #openPhase(): void {
    while (this.phase < this.#leftInPhase.length - 1 && this.#leftInPhase[this.phase] === 0) this.phase += 1
    if (this.#opened === this.phase) return
    this.#opened = this.phase
    for (const place of this.#placesInPhase[this.phase] ?? []) {
      if (this.#states[place] === 'waiting' && this.#open[place] === 0) this.#ready.push(place)
    }
  }
}
