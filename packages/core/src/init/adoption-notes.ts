import { evaluateAccess } from '../evaluate/evaluate-access.ts'
import type { GrantsFile } from '../grants/grants-file.ts'
import { builtInPersonas } from '../personas/built-in.ts'
import { nearestPersona } from '../personas/nearest-persona.ts'
import { arnName } from '../policy/arn.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { refOf } from './own-holders.ts'

/** A hand-made policy that grants of the file could replace, and the lines that would do it. */
export interface AdoptionNote {
  /** What it gives, and to how many. */
  readonly about: string
  /** One line of `grants`, and the line of `adopt`. */
  readonly lines: readonly [grant: string, adopt: string]
}

/** The customer-managed policies that give MLflow access by hand, each with the nearest persona, in order of name. */
export function adoptionNotes(snapshot: Snapshot, file: GrantsFile, now: Date): readonly AdoptionNote[] {
  const found = new Map<string, { holders: Set<string>; servers: Set<string>; actions: Set<string> }>()
  const direct = new Map(
    [...snapshot.users, ...snapshot.groups, ...snapshot.roles].map(({ arn, attached }) => [arn, attached]),
  )
  for (const row of evaluateAccess(snapshot, { now })) {
    if (row.server.includes(':mlflow-app/')) continue
    for (const { policy, actions } of row.elsewhere) {
      if (!isHandMade(policy, snapshot.account) || !direct.get(row.principal)?.includes(policy)) continue
      const entry = found.get(policy) ?? { holders: new Set(), servers: new Set(), actions: new Set() }
      entry.holders.add(row.principal)
      // AccessUI knows no servers: it alone does not reach one.
      if (actions.some((action) => action !== 'AccessUI')) entry.servers.add(row.server)
      for (const action of actions) entry.actions.add(action)
      found.set(policy, entry)
    }
  }
  const keys = new Map(file.servers.map((server) => [server.key, server.key]))
  return [...found]
    .filter(([, { servers }]) => servers.size > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([policy, { holders, servers, actions }]): AdoptionNote => {
      const shape = nearestPersona(actions, builtInPersonas)
      const who = [...holders].map((arn) => refOf(arn).text).sort()
      const on = [...servers].map((arn) => keys.get(arnName(arn)) ?? arnName(arn)).sort()
      const what = shape ? `persona: ${shape.persona.name}` : `add: [${[...actions].sort().join(', ')}]`
      const differs = shape ? differenceWords(shape.add, shape.remove) : ''
      return {
        about: `${arnName(policy)} gives ${who.length === 1 ? who[0] : `${who.length} principals`} ${actions.size} actions on ${on.join(', ')}${shape ? `; nearest: ${shape.persona.name}${differs}` : ''}.`,
        lines: [
          `- { to: [${who.join(', ')}], ${what}, on: [${on.join(', ')}] }`,
          `adopt: [${JSON.stringify(arnName(policy))}]`,
        ],
      }
    })
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
