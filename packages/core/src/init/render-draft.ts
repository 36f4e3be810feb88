import { toDraft, writeGrants } from '../grants/write-grants.ts'
import type { AccountDraft } from './draft-from-account.ts'

/** The grants file's text, with the notes as comments below it. */
export function renderDraft({ file, notes }: AccountDraft): string {
  const head = [
    `# What account ${file.account ?? ''} has today. Planning with this file changes nothing.`,
    '# Add grants, then look: mlflow-iam plan -f FILE',
  ]
  const tail =
    notes.length === 0
      ? []
      : [
          '',
          '# Not in this file:',
          ...notes.map((note) => `# - ${note.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')}`),
        ]
  return `${head.join('\n')}\n${writeGrants(toDraft(file))}${tail.map((line) => `${line}\n`).join('')}`
}
