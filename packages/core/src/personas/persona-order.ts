import type { CustomPersona } from '../grants/grants-file.ts'

/** Custom personas in an order in which each comes after those it extends, and the names that stand in a cycle. */
export function orderPersonas(custom: readonly CustomPersona[]): {
  readonly ordered: readonly CustomPersona[]
  readonly stuck: readonly CustomPersona[]
} {
  const byName = new Map(custom.map((persona) => [persona.name, persona]))
  const waiting = new Map<string, number>()
  const extendedBy = new Map<string, CustomPersona[]>()
  for (const persona of byName.values()) {
    const bases = new Set(persona.extends.filter((name) => byName.has(name)))
    waiting.set(persona.name, bases.size)
    for (const base of bases) {
      const list = extendedBy.get(base) ?? []
      list.push(persona)
      extendedBy.set(base, list)
    }
  }
  const ordered = [...byName.values()].filter((persona) => waiting.get(persona.name) === 0)
  for (const persona of ordered) {
    for (const next of extendedBy.get(persona.name) ?? []) {
      const left = (waiting.get(next.name) ?? 0) - 1
      waiting.set(next.name, left)
      if (left === 0) ordered.push(next)
    }
  }
  return { ordered, stuck: [...byName.values()].filter((persona) => (waiting.get(persona.name) ?? 0) > 0) }
}

/** The names of one cycle of `extends`, the first repeated at the end (`a`, `b`, `a`); none where there is none. */
export function findPersonaCycle(custom: readonly CustomPersona[]): readonly string[] | undefined {
  const { stuck } = orderPersonas(custom)
  const byName = new Map(stuck.map((persona) => [persona.name, persona]))
  const path: string[] = []
  const seen = new Map<string, number>()
  let name = stuck[0]?.name
  // Each stuck persona extends a stuck one, so this walk must meet itself.
  while (name !== undefined && !seen.has(name)) {
    seen.set(name, path.length)
    path.push(name)
    name = byName.get(name)?.extends.find((base) => byName.has(base))
  }
  return name === undefined ? undefined : [...path.slice(seen.get(name)), name]
}

/** Each name that some custom persona extends and that does not exist. */
export function findUnknownBases(
  custom: readonly CustomPersona[],
  known: ReadonlySet<string>,
): readonly { readonly persona: string; readonly index: number; readonly base: string }[] {
  const names = new Set(custom.map((persona) => persona.name))
  return custom.flatMap((persona) =>
    persona.extends.flatMap((base, index) =>
      known.has(base) || names.has(base) ? [] : [{ persona: persona.name, index, base }],
    ),
  )
}
