import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Io } from './io.ts'
import { wrapText } from './table.ts'
import { terminalText } from './terminal-text.ts'

/** What follows from not knowing a part, where the part's name does not say it. */
const meanings: Readonly<Record<string, string>> = {
  'managed-policies': 'what AWS-managed policies give stays unknown',
  alias: 'the account goes by its id',
  quotas: "AWS's default limits are assumed",
}

/** One warning for each part of the account that could not be read: unknown is never the same as none. */
export function warnUnknown(snapshot: Snapshot, io: Pick<Io, 'note' | 'errorWidth'>): void {
  for (const { part, action, why } of snapshot.unknown) {
    const meaning = meanings[part] === undefined ? '' : `; ${meanings[part]}`
    const text = terminalText(`warning: ${part} unknown${meaning}. ${action}: ${why}`)
    io.note(wrapText(text, io.errorWidth - 9).join('\n         '))
  }
}
