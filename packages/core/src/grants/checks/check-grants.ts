import { type Complaint, showText } from '../complaint.ts'
import { readPrincipal } from '../rules/principal.ts'
import { checkActions } from './check-actions.ts'
import { checkDuplicates } from './check-duplicates.ts'
import { complainAboutHome, type Home } from './check-home.ts'
import { personaNames, unknownPersona } from './check-personas.ts'
import { listOf, mapOf, type Path, type Report, textsOf } from './loose.ts'
import type { Suggest } from './suggest.ts'

/** Grants name servers and personas that are there, principals of the account, and something to give. */
export function checkGrants(
  data: Readonly<Record<string, unknown>>,
  home: Home,
  suggest: Suggest,
  report: Report,
): void {
  const servers = Object.keys(mapOf(data.servers))
  const known = { servers: new Set(servers), personas: personaNames(data.personas), suggest }
  listOf(data.grants).forEach((value, index) => {
    // The schema has complained about a grant that is no mapping.
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      checkGrant(mapOf(value), ['grants', index], known, home, report)
    }
  })
}

interface Known {
  readonly servers: ReadonlySet<string>
  readonly personas: ReadonlySet<string>
  readonly suggest: Suggest
}

function checkGrant(
  grant: Readonly<Record<string, unknown>>,
  path: Path,
  known: Known,
  home: Home,
  report: Report,
): void {
  checkPrincipals(grant.to, [...path, 'to'], home, report)
  checkDuplicates(grant.persona, [...path, 'persona'], report)
  for (const item of textsOf(grant.persona, [...path, 'persona'])) {
    if (!known.personas.has(item.text))
      report(item.path, unknownPersona(item.text, known.personas, known.suggest))
  }
  checkServersOf(grant, path, known, report)
  checkActions(grant, path, report)
  if (isNothing(grant.persona) && isNothing(grant.add)) {
    report(path, {
      what: 'The grant gives nothing.',
      why: 'It has neither persona nor add.',
      fix: 'Add persona, such as persona: viewer, or add with actions.',
    })
  }
  const when = mapOf(grant.when)
  for (const key of ['ip', 'vpce', 'vpc']) checkDuplicates(when[key], [...path, 'when', key], report)
}

function checkServersOf(
  grant: Readonly<Record<string, unknown>>,
  path: Path,
  { servers, suggest }: Known,
  report: Report,
): void {
  checkDuplicates(grant.on, [...path, 'on'], report)
  for (const item of textsOf(grant.on, [...path, 'on'])) {
    if (!servers.has(item.text)) report(item.path, unknownServer(item.text, servers, suggest))
  }
  if (!('on' in grant) && servers.size === 0) {
    report(path, {
      what: 'The grant is on no server.',
      why: 'It leaves on out, which means every server listed, and servers lists none.',
      fix: 'Add the servers under servers.',
    })
  }
}

function unknownServer(name: string, servers: ReadonlySet<string>, suggest: Suggest): Complaint {
  const guess = suggest(name, servers)
  return {
    what: `Unknown server ${showText(name)}.`,
    why: 'It is not a key of servers.',
    fix: guess === undefined ? 'Add it under servers.' : `Did you mean ${guess}?`,
  }
}

function checkPrincipals(to: unknown, path: Path, home: Home, report: Report): void {
  checkDuplicates(to, path, report, samePrincipal)
  for (const item of textsOf(to, path)) {
    const complaint = item.text.startsWith('arn:') ? complainAboutHome(item.text, home, true) : undefined
    if (complaint && 'kind' in readPrincipal(item.text)) report(item.path, complaint)
  }
}

/** `user/ana`, `user/teams/ana` and the full ARN of either are one user: IAM names are unique whatever the path. */
function samePrincipal(text: string): string {
  const read = readPrincipal(text)
  if (!('kind' in read) || read.kind === 'profile' || read.kind === 'domain') return text
  return `${read.kind}/${read.name}`
}

/** Absent or an empty list; anything else that is wrong the schema has complained about. */
function isNothing(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0)
}
