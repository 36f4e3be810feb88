import { s3NeedsOfActions } from '../catalog/closure.ts'
import { joinS3, noS3 } from '../catalog/join-s3.ts'
import type { Persona, S3Needs } from '../personas/persona.ts'

/** A persona with exceptions, or actions alone, that gives exactly some actions. */
export interface GrantChoice {
  readonly persona: Persona | undefined
  readonly add: readonly string[]
  readonly remove: readonly string[]
  /** The S3 access that comes with it. */
  readonly s3: S3Needs
}

/** The S3 access that is needed, and whether all that is written are traces, which have a place of their own. */
export interface ArtifactNeeds extends S3Needs {
  readonly onlyTraces: boolean
}

/**
 * The grant of exactly these actions that brings the S3 access they go with and the least beyond it. A persona's S3
 * access stays whatever is removed, so actions alone may be narrower than any persona. Ties go to the shorter grant.
 */
export function chooseGrant(
  actions: ReadonlySet<string>,
  s3: ArtifactNeeds,
  personas: Iterable<Persona>,
): GrantChoice {
  return best(actions, personas, (choice) => {
    const { missing, beyond, length, size } = weigh(choice, actions, s3)
    return [missing, beyond, length, size]
  })
}

/** The shortest grant of exactly these actions, although it may bring S3 access that they do not need. */
export function chooseShortGrant(
  actions: ReadonlySet<string>,
  s3: ArtifactNeeds,
  personas: Iterable<Persona>,
): GrantChoice {
  return best(actions, personas, (choice) => {
    const { missing, beyond, length, size } = weigh(choice, actions, s3)
    return [missing, length, beyond, size]
  })
}

function best(
  actions: ReadonlySet<string>,
  personas: Iterable<Persona>,
  cost: (choice: GrantChoice) => readonly number[],
): GrantChoice {
  let found = shape(undefined, actions)
  for (const persona of personas) {
    // A grant cannot take away what a persona holds beside MLflow's actions.
    if (persona.wildcard || persona.alsoNeeds.length > 0 || persona.actions.length === 0) continue
    const choice = shape(persona, actions)
    if (isBetter(cost(choice), cost(found))) found = choice
  }
  return found
}

function shape(persona: Persona | undefined, actions: ReadonlySet<string>): GrantChoice {
  const held = new Set(persona?.actions)
  const add = [...actions].filter((action) => !held.has(action)).sort()
  return {
    persona,
    add,
    remove: [...held].filter((action) => !actions.has(action)).sort(),
    s3: joinS3(s3NeedsOfActions(add), persona?.s3 ?? noS3),
  }
}

/** What speaks against a choice. */
function weigh(choice: GrantChoice, actions: ReadonlySet<string>, s3: ArtifactNeeds) {
  const words = ['read', 'write', 'list'] as const
  // Whoever writes, and neither reads nor lists nor makes runs or models, writes traces and reaches nothing else.
  const tracesOnly =
    !choice.s3.read && !choice.s3.list && !actions.has('LogModel') && !actions.has('CreateRun')
  return {
    missing:
      words.filter((word) => s3[word] && !choice.s3[word]).length +
      (s3.write && choice.s3.write && tracesOnly && !s3.onlyTraces ? 1 : 0),
    beyond: words.filter((word) => choice.s3[word] && !s3[word]).length,
    length: choice.add.length + choice.remove.length,
    size: choice.persona?.actions.length ?? 0,
  }
}

function isBetter(one: readonly number[], other: readonly number[]): boolean {
  for (const [index, value] of one.entries()) {
    const against = other[index] ?? 0
    if (value !== against) return value < against
  }
  return false
}
