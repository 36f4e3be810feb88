import { describeAccess } from '@mlflow-iam/core/evaluate/describe-access'
import { policyWords } from './access-edits.ts'
import { loaded, type Model } from './model.ts'
import { infoOf, lastPart } from './people.ts'

/** Who can do what today, in words: one line for each principal that can do anything, and through what. */
export function todayLines(model: Model): readonly string[] {
  const snapshot = loaded(model.snapshot)
  const lines: string[] = []
  for (const [principal, servers] of loaded(model.today) ?? []) {
    const rows = [...servers.values()].filter((row) => row.allowed.length > 0)
    if (rows.length === 0) continue
    const info = infoOf(principal, snapshot)
    lines.push(
      `${info.kind.replace('-', ' ')} ${info.name}${info.people.length > 1 ? `, ${info.people.length} ${info.kind === 'permission-set' ? 'accounts' : 'people'}` : ''}`,
    )
    for (const row of rows) {
      const sources = [...new Set(row.elsewhere.map((source) => policyWords(source.policy)))]
      const through = sources.length > 0 ? `  through ${sources.join(', ')}` : ''
      lines.push(`  ${lastPart(row.server).padEnd(14)} ${describeAccess(row)}${through}`)
    }
  }
  return lines.length === 0 ? ['Nobody has any MLflow access.'] : lines
}
