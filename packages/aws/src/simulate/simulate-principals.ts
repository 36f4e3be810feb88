import type { AccessDifference, AccessRow } from '@mlflow-iam/core/evaluate/access'
import { elsewhereDifferences, elsewhereRows } from '@mlflow-iam/core/evaluate/elsewhere-access'
import { contextSatisfying } from '@mlflow-iam/core/evaluate/satisfying-context'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Target } from '@mlflow-iam/core/target/target'
import { type AccessCell, expandAccess } from '@mlflow-iam/core/target/target-access'
import type { AwsConnection } from '../connection.ts'
import { Refusal, startReading } from '../observe/reading.ts'
import { mapAtOnce } from '../read.ts'
import { realTime, type Timing } from '../time.ts'
import { askAboutServers, type Facts } from './ask-about-servers.ts'
import type { Simulated } from './ask-simulator.ts'

/** What IAM's policy simulator leaves out (IAM User Guide, access_policies_testing-policies). */
export const simulationBlindSpots: readonly string[] = [
  'Service control policies that have conditions, and resource control policies, are not evaluated.',
  'Policies of VPC endpoints, of resources (for roles), and access from other accounts are not evaluated.',
  'Condition keys count only as far as they were supplied: the conditions of the grants, the tags of the servers, the time.',
]

const readElsewhere =
  "Servers of other accounts are decided there; this account's half of it was judged from what was read."

export interface SimulateOptions {
  /** `name` of the grants file: the owner mark. */
  readonly name: string
  /** Extra access from elsewhere is a difference too. */
  readonly strict: boolean
  readonly now: Date
  readonly timing?: Timing
}

/** The same shape as a comparison by reading, and what this method cannot see. */
export interface SimulatedComparison {
  readonly ok: boolean
  readonly access: readonly AccessRow[]
  readonly differences: readonly AccessDifference[]
  readonly notes: readonly string[]
}

/**
 * Asks IAM itself whether the account gives exactly the access of a target. Access under conditions is asked for
 * as a request that meets them; what nobody granted is asked for as a request of which nothing is known.
 */
export async function simulatePrincipals(
  connection: AwsConnection,
  target: Target,
  snapshot: Snapshot,
  options: SimulateOptions,
): Promise<SimulatedComparison> {
  const reading = startReading(connection, options.timing ?? realTime)
  const cells = expandAccess(target.access)
  const servers = [
    ...new Set([...target.servers.flatMap(({ arns }) => arns), ...cells.map(({ server }) => server)]),
  ]
  const listed = [
    ...new Set([
      ...target.principals.map((one) => one.actsAs ?? one.arn),
      ...cells.map((cell) => cell.principal),
    ]),
  ]
  const known = new Set([...snapshot.users, ...snapshot.groups, ...snapshot.roles].map(({ arn }) => arn))
  const askable = listed.filter((arn) => known.has(arn)).sort()
  const tagged = target.servers.some(({ condition }) => condition !== undefined)
  const facts: Facts = { reading, snapshot, servers: servers.sort(), tagged, ...options }
  try {
    const results = await mapAtOnce(askable, 4, (principal) =>
      simulateOne(
        facts,
        principal,
        cells.filter((cell) => cell.principal === principal),
        cellsOfGroups(snapshot, principal, cells),
      ),
    )
    const differences = [
      ...results.flatMap((result) => result.differences),
      ...elsewhereDifferences(target, snapshot, options.now),
    ]
    const skipped = listed.filter((arn) => !known.has(arn))
    return {
      ok: differences.length === 0,
      access: [...results.flatMap((result) => result.access), ...elsewhereRows(target)],
      differences,
      notes: [
        ...simulationBlindSpots,
        ...(target.elsewhere ? [readElsewhere] : []),
        ...skipped.map((arn) => `${arn} was not simulated: it is no user, group or role of this account.`),
      ],
    }
  } catch (error) {
    throw error instanceof Refusal ? error.problem : error
  }
}

/** What the file gives a user through groups: IAM's answers hold it, and it is not extra. */
function cellsOfGroups({ users, groups }: Snapshot, principal: string, cells: readonly AccessCell[]) {
  const names = new Set(users.find(({ arn }) => arn === principal)?.groups.map((name) => name.toLowerCase()))
  const arns = new Set(groups.filter(({ name }) => names.has(name.toLowerCase())).map(({ arn }) => arn))
  return cells.filter((cell) => arns.has(cell.principal))
}

async function simulateOne(
  facts: Facts,
  principal: string,
  cells: readonly AccessCell[],
  ofGroups: readonly AccessCell[],
) {
  const access: AccessRow[] = []
  const differences: AccessDifference[] = []
  const plain = await askAboutServers(facts, principal, facts.servers, {})
  const conditional = new Map<AccessCell, readonly Simulated[]>()
  for (const cell of cells) {
    const context = contextSatisfying(cell.conditions)
    if (Object.keys(context).length > 0)
      conditional.set(cell, await askAboutServers(facts, principal, [cell.server], context))
  }
  const all = [...cells, ...ofGroups]
  const counts = ({ allowed, policies }: Simulated) =>
    allowed && (facts.strict || policies.some((policy) => isOwned(facts, policy)))
  let uiMissing = false
  for (const server of facts.servers) {
    const here = cells.filter((cell) => cell.server === server)
    const answers = of(plain, server)
    const meant = new Set(all.filter((cell) => cell.server === server).flatMap(({ actions }) => actions))
    const missing = here.flatMap((cell) => {
      const met = of(conditional.get(cell) ?? plain, server)
      return met.filter((answer) => {
        const lacks = !answer.allowed && cell.actions.includes(bare(answer.action))
        // AccessUI is one right in the whole account: its absence is told once.
        return lacks && !(uiMissing && isUi(answer))
      })
    })
    uiMissing ||= missing.some(isUi)
    const extra = answers.filter(
      (answer) => counts(answer) && !isUi(answer) && !meant.has(bare(answer.action)),
    )
    access.push(rowOf(facts, principal, server, answers))
    if (missing.length === 0 && extra.length === 0) continue
    differences.push({
      ...{ principal, server, missing: names(missing), extra: names(extra) },
      because: [...new Set([...missing.map(whyMissing), ...extra.map(whyExtra)])].join(' '),
    })
  }
  const ui = plain.find(isUi)
  const opensUi = all.some((cell) => cell.opensUi || cell.actions.includes('AccessUI'))
  if (ui && counts(ui) && !opensUi)
    differences.push({ principal, server: '*', missing: [], extra: names([ui]), because: whyExtra(ui) })
  return { access, differences }
}

function isUi({ action }: Simulated): boolean {
  return bare(action) === 'AccessUI'
}

function rowOf(facts: Facts, principal: string, server: string, answers: readonly Simulated[]): AccessRow {
  const allowed = answers.filter((answer) => answer.allowed)
  const depends = answers.filter((answer) => !answer.allowed && answer.missingKeys.length > 0)
  const denied = answers.filter(
    (answer) => !answer.allowed && answer.missingKeys.length === 0 && answer.denial !== 'implicit',
  )
  const elsewhere = new Map<string, string[]>()
  for (const answer of allowed) {
    for (const policy of new Set(answer.policies)) {
      if (isOwned(facts, policy)) continue
      elsewhere.set(policy, [...(elsewhere.get(policy) ?? []), bare(answer.action)])
    }
  }
  return {
    ...{ principal, server, allowed: names(allowed), denied: names(denied) },
    depends: depends.map(({ action, missingKeys }) => ({ action: bare(action), keys: missingKeys })),
    elsewhere: [...elsewhere]
      .sort()
      .map(([policy, actions]) => ({ policy, actions: [...new Set(actions)].sort() })),
  }
}

/** The simulator names policies without their ARN; names are unique in an account. */
function isOwned({ snapshot, name }: Facts, policy: string): boolean {
  return snapshot.policies.some((one) => one.name === policy && one.path === `/mlflow-iam/${name}/`)
}

function whyMissing({ action, denial, missingKeys, policies }: Simulated): string {
  const from = policies.length > 0 ? ` (${[...new Set(policies)].join(', ')})` : ''
  if (denial === 'organisation') return `An organisation policy does not allow ${bare(action)}.`
  if (denial === 'boundary') return `The permissions boundary does not allow ${bare(action)}.`
  if (denial === 'explicit') return `A statement denies ${bare(action)}${from}.`
  if (missingKeys.length > 0) return `${bare(action)} hangs on ${missingKeys.join(', ')}.`
  return `No policy allows ${bare(action)}.`
}

function whyExtra({ policies }: Simulated): string {
  return `Allowed by ${[...new Set(policies)].join(', ') || 'a policy that the simulator does not name'}.`
}

function of(answers: readonly Simulated[], server: string): readonly Simulated[] {
  return answers.filter(({ resource }) => resource === server)
}

function names(answers: readonly Simulated[]): string[] {
  return [...new Set(answers.map(({ action }) => bare(action)))].sort()
}

function bare(action: string): string {
  return action.slice(action.indexOf(':') + 1)
}
