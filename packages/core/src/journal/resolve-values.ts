import type { Request } from '../plan/operation.ts'

/** Values that AWS invented, by operation id and then by path in its answer. */
export type Answers = ReadonlyMap<string, Readonly<Record<string, string>>>

/**
 * Fills in `{ $from: 'op-3.PolicyVersion.VersionId' }` from answers received. Everything else stays as it is,
 * member for member; a value that is not known yet stays a reference.
 */
export function resolveValues<T>(value: T, answers: Answers): T {
  return resolve(value, answers) as T
}

/** The request that an operation stands for, with values of earlier answers filled in. */
export function requestOf(operation: Request, answers: Answers): Request {
  // Action and input stay a pair; TypeScript cannot follow that through the copy.
  return { action: operation.action, input: resolveValues(operation.input, answers) } as Request
}

/** The operations whose answers a request refers to. */
export function referencesOf(value: unknown): readonly string[] {
  const found: string[] = []
  collect(value, found)
  return found
}

function resolve(value: unknown, answers: Answers): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => resolve(item, answers))
  const from = reference(value)
  if (from !== undefined) {
    const dot = from.indexOf('.')
    return answers.get(from.slice(0, dot))?.[from.slice(dot + 1)] ?? value
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolve(member, answers)]))
}

function collect(value: unknown, found: string[]): void {
  if (typeof value !== 'object' || value === null) return
  const from = reference(value)
  if (from !== undefined) found.push(from.slice(0, from.indexOf('.')))
  else for (const member of Object.values(value)) collect(member, found)
}

function reference(value: object): string | undefined {
  const from = '$from' in value ? value.$from : undefined
  return typeof from === 'string' && Object.keys(value).length === 1 ? from : undefined
}
