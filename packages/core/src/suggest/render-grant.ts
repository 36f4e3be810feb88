import type { S3Needs } from '../personas/persona.ts'
import type { GrantChoice } from './choose-grant.ts'
import { addTo } from './python-module.ts'
import type { Reason } from './suggest-grants.ts'

/** A choice as lines of a grants file, with the first place that needs each action as a comment. */
export function renderGrant(
  choice: GrantChoice,
  s3: S3Needs,
  reasons: readonly Reason[],
  options: {
    readonly to?: string
    readonly on?: readonly string[]
    /** Said as a comment where it is another one. */
    readonly shorter?: GrantChoice
  },
): string {
  const lines = ['grants:']
  const places = new Map<string, Reason[]>()
  for (const reason of reasons) addTo(places, reason.action, reason)
  for (const [action, [first, ...more]] of places) {
    if (!first) continue
    const others = more.length > 0 ? `, and ${more.length} more` : ''
    lines.push(`  # ${action}: ${oneLine(`${first.at} ${first.function}`)}${others}`)
  }
  const more = beyond(choice, s3)
  if (more.length > 0) lines.push(`  # Brings S3 access beyond the need: ${more.join(', ')}`)
  const { shorter } = options
  if (shorter?.persona && shorter.persona !== choice.persona) {
    lines.push(
      `  # Shorter, but brings S3 access beyond the need (${beyond(shorter, s3).join(', ')}): ${keysOf(shorter).join(', ')}`,
    )
  }
  lines.push(`  - to: ${options.to ?? 'role/CHANGE-ME'}`)
  const [persona, ...exceptions] = choice.persona ? keysOf(choice) : [undefined, ...keysOf(choice)]
  if (persona) lines.push(`    ${persona}`)
  if (options.on) lines.push(`    on: [${options.on.join(', ')}]`)
  for (const key of exceptions) lines.push(`    ${key}`)
  return `${lines.join('\n')}\n`
}

function keysOf({ persona, add, remove }: GrantChoice): readonly string[] {
  return [
    ...(persona ? [`persona: ${persona.name}`] : []),
    ...(add.length > 0 ? [`add: [${add.join(', ')}]`] : []),
    ...(remove.length > 0 ? [`remove: [${remove.join(', ')}]`] : []),
  ]
}

function beyond(choice: GrantChoice, s3: S3Needs): readonly string[] {
  return (['read', 'write', 'list'] as const).filter((word) => choice.s3[word] && !s3[word])
}

/** Names of files come from outside: nothing in them may end the comment. */
function oneLine(text: string): string {
  return text.replace(/[^\x20-\x7e\u00a1-\ud7ff\ue000-\ufffd]/g, '?').slice(0, 200)
}
