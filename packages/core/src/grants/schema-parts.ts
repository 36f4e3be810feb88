import * as z from 'zod/mini'
import type { TextRule } from './complaint.ts'

/** What editors show beside the structure: titles, descriptions, examples and other JSON Schema keywords. */
export const editorNotes = z.registry<Record<string, unknown>>()

type Notes = Readonly<Record<string, unknown>>

/** Adds editor notes to a schema. */
export function noted<S extends z.core.$ZodType>(schema: S, notes: Notes): S {
  editorNotes.add(schema, { ...editorNotes.get(schema), ...notes })
  return schema
}

/** Text that a rule judges; the rule's complaint travels as the issue's parameters. */
export function text(rule: TextRule, notes: Notes = {}) {
  const judged = z.string().check(
    z.check<string>((payload) => {
      const complaint = rule.complain(payload.value)
      if (!complaint) return
      payload.issues.push({ code: 'custom', input: payload.value, params: { ...complaint }, continue: true })
    }),
  )
  return noted(judged, { ...rule.keywords, ...notes })
}

/** A list that may be written as its only value. */
export function oneOrMany<S extends z.ZodMiniType<string>>(item: S, notes: Notes, atLeast = 0) {
  const many = noted(z.array(item).check(z.minLength(atLeast)), { uniqueItems: true })
  return noted(z.union([item, many]), notes)
}

/** A mapping of fixed keys and no others. The message lists the keys, for suggestions. */
export function closed<Shape extends z.core.$ZodLooseShape>(shape: Shape, notes: Notes) {
  const keys = Object.keys(shape).join(' ')
  const object = z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? keys : undefined),
  })
  return noted(object, notes)
}

/** A mapping that may also be there without a value. */
export function mayBeEmpty<S extends z.core.$ZodType>(schema: S) {
  return z.optional(z.nullable(schema))
}

export function flag(notes: Notes) {
  return noted(z.boolean(), notes)
}
