import type * as z from 'zod/mini'
import type { PlacedComplaint } from './positions.ts'
import { grantsSchema } from './schema.ts'

/** Of a file with errors by the hundred thousand, this many entries of each list are looked at. */
const entriesShown = 200

export interface ShapeIssues {
  readonly issues: readonly z.core.$ZodIssue[]
  readonly complaints: readonly PlacedComplaint[]
}

/** Holds a value against the schema. The issues of a file that has far too many are those of its first entries. */
export function checkShape(value: unknown): ShapeIssues {
  try {
    return { issues: issuesOf(value), complaints: [] }
  } catch (error) {
    // The schema library hands issues up as arguments of one call, and there is a limit to those.
    if (!(error instanceof RangeError)) throw error
    const complaint = {
      path: '',
      offset: 0,
      what: 'The file has more errors than can be listed.',
      why: `The errors shown are those of the first ${entriesShown} entries of each list and mapping.`,
      fix: 'Correct those, and check again.',
    }
    return { issues: issuesOf(firstEntries(value)), complaints: [complaint] }
  }
}

function issuesOf(value: unknown): readonly z.core.$ZodIssue[] {
  // Compiling the schema costs more than it saves on one value.
  return grantsSchema.safeParse(value, { jitless: true }).error?.issues ?? []
}

function firstEntries(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, entriesShown).map(firstEntries)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).slice(0, entriesShown)
  return Object.fromEntries(entries.map(([key, item]) => [key, firstEntries(item)]))
}
