import { mlflowActions } from '../catalog/actions.ts'

/** A set of the actions that rows list, those of `sagemaker-mlflow` and CallMlflowAppApi, in two words: 64 at most. */
export interface ActionBits {
  readonly low: number
  readonly high: number
}

export const appAction = 'sagemaker:CallMlflowAppApi'

const wordSize = 32

/** Full names in the order of their bits: bare names sorted, so that a listing needs no sorting. */
export const rowActions: readonly string[] = [...mlflowActions.map((action) => action.name), appAction].sort(
  (a, b) => (bareName(a) < bareName(b) ? -1 : 1),
)

const bareNames = rowActions.map(bareName)
const indexOf = new Map(bareNames.map((name, index) => [name, index]))

export const noActions: ActionBits = { low: 0, high: 0 }
export const appBits: ActionBits = bitsOf(['CallMlflowAppApi'])
export const accessUiBits: ActionBits = bitsOf(['AccessUI'])
/** What a policy can allow on one tracking server: AccessUI has no resource, so it is not among them. */
export const serverBits: ActionBits = bitsOf(
  bareNames.filter((name) => name !== 'AccessUI' && name !== 'CallMlflowAppApi'),
)

export function bitsOf(names: Iterable<string>): ActionBits {
  let low = 0
  let high = 0
  for (const name of names) {
    const index = indexOf.get(name)
    if (index === undefined) continue
    if (index < wordSize) low |= 1 << index
    else high |= 1 << (index - wordSize)
  }
  return { low, high }
}

/** The bits of the actions for which `test` says yes; it is asked with full names in lower case. */
export function bitsWhere(test: (fullName: string) => boolean): ActionBits {
  return bitsOf(bareNames.filter((_, index) => test(lowerNames[index] ?? '')))
}

const lowerNames = rowActions.map((name) => name.toLowerCase())

export function both(a: ActionBits, b: ActionBits): ActionBits {
  return { low: a.low & b.low, high: a.high & b.high }
}

export function either(a: ActionBits, b: ActionBits): ActionBits {
  return { low: a.low | b.low, high: a.high | b.high }
}

export function without(a: ActionBits, b: ActionBits): ActionBits {
  return { low: a.low & ~b.low, high: a.high & ~b.high }
}

export function isEmptyBits(a: ActionBits): boolean {
  return (a.low | a.high) === 0
}

const listings = new Map<number, Map<number, readonly string[]>>()

/** Bare names, sorted. Equal sets share one list. */
export function namesOf(bits: ActionBits): readonly string[] {
  // One number of 64 bits would lose digits as a double; two levels of maps need no text.
  let words = listings.get(bits.high)
  if (!words) {
    words = new Map()
    listings.set(bits.high, words)
  }
  let names = words.get(bits.low)
  if (!names) {
    names = Object.freeze(
      bareNames.filter((_, index) =>
        index < wordSize ? (bits.low >>> index) & 1 : (bits.high >>> (index - wordSize)) & 1,
      ),
    )
    words.set(bits.low, names)
  }
  return names
}

function bareName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
