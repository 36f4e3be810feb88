import { count } from '../ui/text.ts'
import { policyWords } from './access-edits.ts'
import { cellFacts } from './cells.ts'
import { type Model, placeOf } from './model.ts'
import { visibleRows } from './rows.ts'

/** Who the row under the cursor is about, and what comes from elsewhere on each server: what `o` opens. */
export function affectedLines(model: Model): readonly string[] {
  const row = visibleRows(model)[placeOf(model, 'access').row]
  if (!row) return []
  const { info } = row
  const lines = [info.arn]
  if (info.people.length > 0) {
    const who =
      info.kind === 'permission-set'
        ? count(info.people.length, 'account')
        : info.kind === 'group'
          ? count(info.people.length, 'member')
          : count(info.people.length, 'profile acts through it', 'profiles act through it')
    lines.push('', `${who}:`, ...info.people.map((name) => `  ${name}`))
  }
  for (const server of model.edit.servers) {
    const facts = cellFacts(model, row.member.arn, server)
    for (const { policy, actions } of facts.elsewhere) {
      lines.push(
        '',
        `${server.key}: ${count(actions.length, 'stays', 'stay')} through ${policyWords(policy)}, which this tool does not manage:`,
      )
      for (let at = 0; at < actions.length; at += 3) lines.push(`  ${actions.slice(at, at + 3).join(', ')}`)
    }
  }
  return lines
}
