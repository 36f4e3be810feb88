import { evaluateAccess } from '../evaluate/evaluate-access.ts'
import { builtInPersonas } from '../personas/built-in.ts'
import { nearestPersona } from '../personas/nearest-persona.ts'
import { arnName } from '../policy/arn.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { refOf } from './own-holders.ts'

/** Who can do what already through policies that are not ours, in persona's words, servers of equal access together. */
export function elsewhereNotes(snapshot: Snapshot, name: string, now: Date): readonly string[] {
  const notes = new Map<string, { text: (servers: string) => string; servers: string[] }>()
  for (const row of evaluateAccess(snapshot, { name, now })) {
    const actions = new Set(row.elsewhere.flatMap((source) => source.actions))
    if (actions.size === 0 || (actions.size === 1 && actions.has('AccessUI'))) continue
    const words = row.server.includes(':mlflow-app/') ? 'everything' : accessWords(actions)
    const sources = row.elsewhere.map((source) => source.policy.replace(/@.*/u, ''))
    const through = [
      ...new Set(sources.map((policy) => (policy.startsWith('arn:') ? arnName(policy) : policy))),
    ].join(', ')
    const who = refOf(row.principal).text
    const key = JSON.stringify([row.principal, words, through])
    const note = notes.get(key) ?? {
      text: (servers: string) => `${who} has ${words} on ${servers} from elsewhere, through ${through}.`,
      servers: [],
    }
    note.servers.push(arnName(row.server))
    notes.set(key, note)
  }
  return [...notes.values()].map(({ text, servers }) => text(servers.sort().join(', ')))
}

function accessWords(actions: ReadonlySet<string>): string {
  const shape = nearestPersona(actions, builtInPersonas)
  if (!shape) return actions.size === 1 ? [...actions].join('') : `${actions.size} actions`
  const exceptions = [
    shape.add.length > 0 ? ` +${shape.add.length}` : '',
    shape.remove.length > 0 ? ` -${shape.remove.length}` : '',
  ]
  return `${shape.persona.name}${exceptions.join('')}`
}
