import type { TextRule } from './complaint.ts'

/**
 * What a value must look like, as data: `check-shape.ts` judges values by it and `json-schema.ts` writes it out for
 * editors. (A schema library took a quarter of the time of `check`, and its messages had to be translated.)
 */
export interface Shape<T = unknown> {
  readonly form: ShapeForm
  /** JSON Schema keywords for editors: title, description, and what relates several keys. */
  readonly notes: Notes
  /** Only for the type of the content; never set. */
  readonly content?: T
}

export type ShapeForm =
  | { readonly kind: 'text'; readonly rule: TextRule }
  | { readonly kind: 'flag' }
  | { readonly kind: 'exactly'; readonly value: number | boolean }
  | { readonly kind: 'list'; readonly item: Shape; readonly atLeast: number; readonly oneWill: boolean }
  | { readonly kind: 'closed'; readonly keys: Readonly<Record<string, Shape | Optional>> }
  | { readonly kind: 'map'; readonly key: Shape<string>; readonly value: Shape }
  | { readonly kind: 'empty-or'; readonly shape: Shape }

/** A key that may be left out. */
export interface Optional<T = unknown> {
  readonly optional: Shape<T>
}

export type Notes = Readonly<Record<string, unknown>>
export type ContentOf<S> = S extends Shape<infer T> ? T : S extends Optional<infer T> ? T : never

type OptionalKeys<K> = { [P in keyof K]: K[P] extends Optional ? P : never }[keyof K]
type ClosedContent<K> = { readonly [P in Exclude<keyof K, OptionalKeys<K>>]: ContentOf<K[P]> } & {
  readonly [P in OptionalKeys<K>]?: ContentOf<K[P]>
}

/** Text that a rule judges. */
export function text(rule: TextRule, notes: Notes = {}): Shape<string> {
  return { form: { kind: 'text', rule }, notes }
}

export function flag(notes: Notes): Shape<boolean> {
  return { form: { kind: 'flag' }, notes }
}

export function exactly<V extends number | boolean>(value: V, notes: Notes): Shape<V> {
  return { form: { kind: 'exactly', value }, notes }
}

/** A list that may be written as its only value. */
export function oneOrMany(item: Shape<string>, notes: Notes, atLeast = 0): Shape<string | readonly string[]> {
  return { form: { kind: 'list', item, atLeast, oneWill: true }, notes }
}

export function listOf<T>(item: Shape<T>, notes: Notes): Shape<readonly T[]> {
  return { form: { kind: 'list', item, atLeast: 0, oneWill: false }, notes }
}

/** A mapping of fixed keys and no others. */
export function closed<const K extends Readonly<Record<string, Shape | Optional>>>(
  keys: K,
  notes: Notes,
): Shape<ClosedContent<K>> {
  return { form: { kind: 'closed', keys }, notes }
}

/** A mapping of names that the file chooses. */
export function mapOf<T>(
  key: Shape<string>,
  value: Shape<T>,
  notes: Notes,
): Shape<Readonly<Record<string, T>>> {
  return { form: { kind: 'map', key, value }, notes }
}

/** A value that may be left empty behind its key. */
export function emptyOr<T>(shape: Shape<T>): Shape<T | null> {
  return { form: { kind: 'empty-or', shape }, notes: {} }
}

export function optional<T>(shape: Shape<T>): Optional<T> {
  return { optional: shape }
}
