import type { Complaint } from '../complaint.ts'

export type Path = readonly (string | number)[]

/** Where checks that look at several places say what they found. */
export type Report = (path: Path, complaint: Complaint, at?: 'key' | 'value') => void

/** A mapping, whatever else stands there: the schema has complained about the rest. */
export function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export interface PlacedText {
  readonly text: string
  readonly path: Path
}

/** The texts of "one or many", each with its path. */
export function textsOf(value: unknown, path: Path): PlacedText[] {
  if (typeof value === 'string') return [{ text: value, path }]
  return listOf(value).flatMap((item, index) =>
    typeof item === 'string' ? [{ text: item, path: [...path, index] }] : [],
  )
}
