import { toDraft, writeGrants } from '../grants/write-grants.ts'
import type { AccountDraft } from './draft-from-account.ts'

/** The grants file's text, with what it leaves out as comments below it. */
export function renderDraft({ file, unsaid, notes, adoptable }: AccountDraft): string {
  const empty = 'Planning with this file changes nothing'
  const head = [
    `# What account ${file.account ?? ''} has today. ${empty}${unsaid.length === 0 ? '.' : ', unless it prunes: see below.'}`,
    '# Add grants, then look: mlflow-iam plan -f FILE',
  ]
  const tail = [
    ...section('Made for this file, but not in it; plan --prune would take it away:', unsaid),
    ...section('Not in this file:', notes),
    ...adoptions(adoptable),
  ]
  return `${head.join('\n')}\n${writeGrants(toDraft(file))}${tail.map((line) => `${line}\n`).join('')}`
}

/** For each hand-made policy the two lines that replace it: the first goes under `grants`. */
function adoptions(adoptable: AccountDraft['adoptable']): readonly string[] {
  if (adoptable.length === 0) return []
  const title =
    '# Hand-made policies that grants can replace: put the first line under grants, and the second at the left.'
  return [
    '',
    title,
    ...adoptable.flatMap(({ about, lines }) => [`# - ${about}`, ...lines.map((line) => `#     ${line}`)]),
  ]
}

function section(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return []
  return ['', `# ${title}`, ...lines.map((each) => `# - ${each.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')}`)]
}
