import { evaluateAccess } from '../evaluate/evaluate-access.ts'
import { readInlineLabel } from '../evaluate/owned.ts'
import type { GrantsFile } from '../grants/grants-file.ts'
import { renderInline } from '../grants/write-grants.ts'
import { builtInPersonas } from '../personas/built-in.ts'
import { nearestPersona } from '../personas/nearest-persona.ts'
import { arnName } from '../policy/arn.ts'
import type { IamGroup, Snapshot } from '../snapshot/snapshot.ts'
import type { DraftServers } from './draft-servers.ts'
import { refOf } from './own-holders.ts'

/** A hand-made policy that grants of the file could replace, and what would do it. */
export interface AdoptionNote {
  /** What it gives, and to how many. */
  readonly about: string
  /** One line of `grants`. */
  readonly grant: string
  /** What goes under `adopt`. */
  readonly adopt: readonly string[]
}

type Holder = Pick<IamGroup, 'arn' | 'attached' | 'inline'>

interface Found {
  readonly name: string
  /** How `adopt` names it: an inline policy is on each of its holders. */
  readonly adopt: Set<string>
  readonly holders: Set<string>
  readonly servers: Set<string>
  readonly actions: Set<string>
}

/**
 * The policies that give MLflow access by hand, managed and inline, each with the nearest persona, in order of name.
 * One that reaches a server outside the file stays out: no grant of the file could give that back.
 */
export function adoptionNotes(
  snapshot: Snapshot,
  file: GrantsFile,
  keyOf: DraftServers['keyOf'],
  now: Date,
): readonly AdoptionNote[] {
  const found = new Map<string, Found>()
  const direct = new Map(
    [...snapshot.users, ...snapshot.groups, ...snapshot.roles].map((one) => [one.arn, one]),
  )
  for (const row of evaluateAccess(snapshot, { now })) {
    if (row.server.includes(':mlflow-app/')) continue
    for (const { policy, actions } of row.elsewhere) {
      const made = madeByHand(policy, direct.get(row.principal), snapshot.account)
      if (!made) continue
      const entry = found.get(made.key) ?? {
        ...{ name: made.name, adopt: new Set() },
        ...{ holders: new Set(), servers: new Set(), actions: new Set() },
      }
      entry.adopt.add(made.adopt)
      entry.holders.add(row.principal)
      // AccessUI knows no servers: it alone does not reach one.
      if (actions.some((action) => action !== 'AccessUI')) entry.servers.add(row.server)
      for (const action of actions) entry.actions.add(action)
      found.set(made.key, entry)
    }
  }
  const listed = new Set(file.servers.map(({ key }) => key))
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, { name, adopt, holders, servers, actions }]): readonly AdoptionNote[] => {
      const on = [...servers].map((arn) => keyOf({ resource: arn }) ?? '').sort()
      if (on.length === 0 || !on.every((key) => listed.has(key))) return []
      const shape = nearestPersona(actions, builtInPersonas)
      const who = [...holders].map((arn) => refOf(arn).text).sort()
      const what = shape ? { persona: shape.persona.name } : { add: [...actions].sort() }
      const differs = shape ? differenceWords(shape.add, shape.remove) : ''
      const about = `${name} gives ${who.length === 1 ? who[0] : `${who.length} principals`} ${actions.size} actions on ${on.join(', ')}${shape ? `; nearest: ${shape.persona.name}${differs}` : ''}.`
      return [{ about, grant: renderInline({ to: who, ...what, on }), adopt: [...adopt].sort() }]
    })
}

/** What a principal holds itself; inline policies of one name that say the same are one, on several holders. */
function madeByHand(
  policy: string,
  holder: Holder | undefined,
  account: string,
): { readonly key: string; readonly name: string; readonly adopt: string } | undefined {
  const inline = readInlineLabel(policy)
  if (!inline) {
    if (!isHandMade(policy, account) || !holder?.attached.includes(policy)) return undefined
    return { key: policy, name: arnName(policy), adopt: arnName(policy) }
  }
  // What comes through a group is on the row of the group.
  if (inline.holder !== holder?.arn) return undefined
  const ref = refOf(inline.holder)
  const document = holder.inline.find(({ name }) => name === inline.name)?.document
  if (ref.kind === 'permission-set' || document === undefined) return undefined
  return {
    key: `inline:${inline.name} ${document}`,
    name: `Inline policy ${inline.name}`,
    adopt: `inline:${inline.name}@${ref.text}`,
  }
}

function isHandMade(policy: string, account: string): boolean {
  return policy.includes(`:iam::${account}:policy/`) && !policy.includes(':policy/mlflow-iam/')
}

function differenceWords(add: readonly string[], remove: readonly string[]): string {
  const parts = [
    ...(add.length > 0 ? [`lacks ${add.length} of them`] : []),
    ...(remove.length > 0 ? [`has ${remove.length} more`] : []),
  ]
  return parts.length === 0 ? '' : `, which ${parts.join(' and ')}`
}
