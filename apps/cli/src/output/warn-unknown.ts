import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Io } from './io.ts'
import { terminalText } from './terminal-text.ts'

/** One warning for each part of the account that could not be read: unknown is never the same as none. */
export function warnUnknown(snapshot: Snapshot, io: Pick<Io, 'note'>): void {
  for (const { part, action, why } of snapshot.unknown) {
    io.note(terminalText(`warning: ${part} unknown, ${action}: ${why}`))
  }
}
