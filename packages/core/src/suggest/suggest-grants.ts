import { joinS3, noS3 } from '../catalog/join-s3.ts'
import type { Evidence } from '../catalog/mlflow-function.ts'
import type { Persona, S3Needs } from '../personas/persona.ts'
import { type ArtifactNeeds, chooseGrant, chooseShortGrant } from './choose-grant.ts'
import type { CodeReading, FoundCall, Undecided } from './code-reading.ts'
import { comparePlaces } from './compare-places.ts'
import { renderGrant } from './render-grant.ts'

/** The least grant that covers what some code calls: what `suggest --json` prints. */
export interface Suggestion {
  readonly version: 1
  readonly needs: { readonly actions: readonly string[]; readonly s3: readonly S3Word[] }
  /** Null where naming the actions is shorter than any persona with exceptions. */
  readonly persona: string | null
  /** (persona ∪ add) − remove is exactly `needs.actions`. */
  readonly add: readonly string[]
  readonly remove: readonly string[]
  /** Lines of a grants file; empty where nothing is needed. */
  readonly grants: string
  readonly reasons: readonly Reason[]
  readonly undecided: readonly Undecided[]
}

export type S3Word = 'read' | 'write' | 'list'

/** Why an action is needed. */
export interface Reason {
  readonly action: string
  /** `train.py:41` */
  readonly at: string
  readonly function: string
  readonly evidence: ReasonEvidence
  /** `cell 3, line 2`, in notebooks. */
  readonly cell?: string
}

/** How a need is known: of a call in code as the catalogue knows it, or from what happened in the account. */
export type ReasonEvidence = Evidence | 'cloudtrail' | 'denial'

export interface SuggestOptions {
  /** Personas to choose from. */
  readonly personas: Iterable<Persona>
  /** Who shall get it, as a grants file says it: `role/ci-trainer`. */
  readonly to?: string
  /** Keys of servers in the grants file; every server where it is left out. */
  readonly on?: readonly string[]
}

/** Suggests the least grant for code that was read. */
export function suggestGrants(reading: CodeReading, options: SuggestOptions): Suggestion {
  const reasons = reading.calls.flatMap(reasonsOf)
  const forms = reading.calls.flatMap((call) => call.forms)
  const s3 = forms.reduce<S3Needs>((sum, form) => joinS3(sum, form.s3), noS3)
  const onlyTraces = forms.every((form) => !form.s3.write || form.actions.includes('EndTrace'))
  const beside = [...reading.calls.flatMap(besideMlflow), ...s3Alone(reading.calls)]
  return suggestFor(reasons, { ...s3, onlyTraces }, [...reading.undecided, ...beside], options)
}

/** Suggests the least grant for actions whose need is known from elsewhere: denials, records of use. */
export function suggestFor(
  reasons: readonly Reason[],
  s3: ArtifactNeeds,
  undecided: readonly Undecided[],
  options: SuggestOptions,
): Suggestion {
  const actions = [...new Set(reasons.map((reason) => reason.action))].sort()
  const personas = [...options.personas]
  const choice = chooseGrant(new Set(actions), s3, personas)
  const shorter = chooseShortGrant(new Set(actions), s3, personas)
  const sorted = unique(reasons, (reason) => `${reason.action} ${reason.at} ${reason.function}`).sort(
    (one, other) => compare(one.action, other.action) || comparePlaces(one.at, other.at),
  )
  return {
    version: 1,
    needs: { actions, s3: s3Words(s3) },
    persona: choice.persona?.name ?? null,
    add: choice.add,
    remove: choice.remove,
    grants: actions.length === 0 ? '' : renderGrant(choice, s3, sorted, { ...options, shorter }),
    reasons: sorted,
    undecided: unique(undecided, (entry) => `${entry.at} ${entry.why}`).sort((one, other) =>
      comparePlaces(one.at, other.at),
    ),
  }
}

/** S3 needs as words, in a fixed order. */
export function s3Words(s3: S3Needs): readonly S3Word[] {
  return (['read', 'write', 'list'] as const).filter((word) => s3[word])
}

function reasonsOf(call: FoundCall): readonly Reason[] {
  const evidence = new Map<string, Evidence>()
  for (const form of call.forms) {
    for (const action of form.actions) {
      if (evidence.get(action) !== 'measured') evidence.set(action, form.evidence)
    }
  }
  return [...evidence].map(([action, known]) => ({
    action,
    at: call.at,
    function: call.function,
    evidence: known,
    ...(call.cell !== undefined && { cell: call.cell }),
  }))
}

function besideMlflow(call: FoundCall): readonly Undecided[] {
  const names = [...new Set(call.forms.flatMap((form) => form.alsoNeeds))]
  if (names.length === 0) return []
  return [
    {
      at: call.at,
      why: `${call.function} needs ${names.join(' or ')}, which comes with a persona that opens the UI.`,
    },
  ]
}

/** Reading an address in S3 asks the server nothing, so there is no action that a grant could hang on. */
function s3Alone(calls: readonly FoundCall[]): readonly Undecided[] {
  const forms = calls.flatMap((call) => call.forms)
  const words = s3Words(forms.reduce<S3Needs>((sum, form) => joinS3(sum, form.s3), noS3))
  const first = calls.find((call) => call.forms.some((form) => s3Words(form.s3).length > 0))
  if (!first || words.length === 0 || forms.some((form) => form.actions.length > 0)) return []
  return [
    {
      at: first.at,
      why: `${first.function} needs S3 (${words.join(', ')}) and no MLflow action: grant that in S3.`,
    },
  ]
}

function unique<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()]
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
