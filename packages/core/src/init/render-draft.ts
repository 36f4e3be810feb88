import { renderInline, toDraft, writeGrants } from '../grants/write-grants.ts'
import type { AccountDraft } from './draft-from-account.ts'

/** The grants file's text, with what it leaves out as comments below it. */
export function renderDraft({ file, unsaid, notes, apps, adoptable }: AccountDraft): string {
  const empty = 'Planning with this file changes nothing'
  const head = [
    `# What account ${file.account ?? ''} has today. ${empty}${unsaid.length === 0 ? '.' : ', unless it prunes: see below.'}`,
    '# Add grants, then look: mlflow-iam plan -f FILE',
  ]
  const tail = [
    ...section('Made for this file, but not in it; plan --prune would take it away:', unsaid),
    ...section('Not in this file:', notes),
    ...appLines(apps, file.servers.length > 0),
    ...adoptions(adoptable, file.grants.length > 0),
  ]
  return `${head.join('\n')}\n${writeGrants(toDraft(file))}${tail.map((line) => `${line}\n`).join('')}`
}

// Without the `# ` in front, each of these lines stands as far in as the lines of the file that it goes among.

/** Under their key, where the file has none yet. */
function appLines(apps: AccountDraft['apps'], hasServers: boolean): readonly string[] {
  if (apps.length === 0) return []
  return [
    '',
    `# To list an App all the same${hasServers ? ', put its line under servers' : ''}:`,
    ...(hasServers ? [] : ['# servers:']),
    ...apps.map((line) => `#   ${line}`),
  ]
}

/** For each hand-made policy a line of `grants` that replaces it; and `adopt` once, since a file has each key once. */
function adoptions(adoptable: AccountDraft['adoptable'], hasGrants: boolean): readonly string[] {
  if (adoptable.length === 0) return []
  return [
    '',
    `# Hand-made policies that grants can replace. ${hasGrants ? 'The line of one goes under grants:' : 'The line of one:'}`,
    ...(hasGrants ? [] : ['# grants:']),
    ...adoptable.flatMap(({ about, grant }) => [`# - ${about}`, `#   - ${grant}`]),
    '# And its name goes under adopt, which takes it off whoever the grant is for:',
    '# adopt:',
    ...adoptable.flatMap(({ adopt }) => adopt.map((name) => `#   - ${renderInline(name)}`)),
  ]
}

function section(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return []
  return ['', `# ${title}`, ...lines.map((each) => `# - ${each.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')}`)]
}
