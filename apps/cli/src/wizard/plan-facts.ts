import type { AccessRow } from '@mlflow-iam/core/evaluate/access'
import { evaluateAccess } from '@mlflow-iam/core/evaluate/evaluate-access'
import { awsCommand } from '@mlflow-iam/core/export/aws-command'
import { type Agreement, agreementOf } from '@mlflow-iam/core/plan/agreement'
import type { Operation } from '@mlflow-iam/core/plan/operation'
import type { Finding, FindingLevel, Plan } from '@mlflow-iam/core/plan/plan'
import { projectPlan } from '@mlflow-iam/core/plan/project-plan'
import { policySize } from '@mlflow-iam/core/policy/measure'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Planned } from './account.ts'
import { infoOf, lastPart } from './people.ts'
import { joinReach, type Reach, reachOf, reachSize, reachWords } from './reach.ts'

/** What changes for one principal on one server. */
export interface ServerChange {
  readonly server: string
  readonly gained: readonly string[]
  readonly lost: readonly string[]
  readonly kept: number
  readonly before: number
  readonly after: number
  readonly elsewhere: AccessRow['elsewhere']
}

export interface PersonChange {
  readonly principal: string
  readonly name: string
  readonly reach: Reach
  /** `role, 14 people`, `user, nobody else`. */
  readonly note: string
  readonly servers: readonly ServerChange[]
}

/** One line of the summary: operations of one kind. */
export interface ChangeKind {
  readonly mark: '+' | '~' | '-'
  readonly words: string
  readonly operations: readonly Operation[]
  readonly reach: Reach
  readonly level: FindingLevel
}

export interface PlanFacts {
  readonly agreement: Agreement
  readonly kinds: readonly ChangeKind[]
  readonly people: readonly PersonChange[]
  readonly gain: Reach
  readonly lose: Reach
  readonly alreadyRight: number
  readonly findings: readonly Finding[]
  readonly largest: number
  readonly mostAttached: number
  readonly calls: readonly string[]
  /** Every document that is sent, as it is sent. */
  readonly documents: readonly { readonly title: string; readonly because: string; readonly text: string }[]
}

const cache = new WeakMap<Planned, PlanFacts>()

/** Everything that preview, confirmation and verification say about a plan. */
export function planFacts(planned: Planned): PlanFacts {
  const known = cache.get(planned)
  if (known) return known
  const made = makeFacts(planned)
  cache.set(planned, made)
  return made
}

const levels: readonly FindingLevel[] = ['high', 'review', 'low']

function makeFacts(planned: Planned): PlanFacts {
  const { plan, snapshot } = planned
  const people = personChanges(planned)
  const reach = (has: (server: ServerChange) => boolean) =>
    joinReach(people.filter((each) => each.servers.some(has)).map((each) => each.reach))
  const attached = new Map<string, number>()
  const after = projectPlan(snapshot, plan.operations)
  for (const each of [...after.users, ...after.groups, ...after.roles])
    attached.set(each.arn, each.attached.length)
  const changes = plan.operations.filter((operation) => operation.action.startsWith('Attach')).length
  return {
    agreement: agreementOf(plan),
    kinds: kindsOf(planned, people),
    people,
    gain: reach((server) => server.gained.length > 0),
    lose: reach((server) => server.lost.length > 0),
    alreadyRight: Math.max(0, plan.target.attachments.length - changes),
    findings: [...plan.findings].sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level)),
    largest: Math.max(0, ...plan.target.policies.map((policy) => policySize(policy.document))),
    mostAttached: Math.max(0, ...plan.target.principals.map(({ arn }) => attached.get(arn) ?? 0)),
    calls: plan.operations.map((operation) => awsCommand(operation, plan.region)),
    documents: plan.operations.flatMap((operation) => {
      const text = documentOf(operation)
      return text === undefined ? [] : [{ title: objectOf(operation), because: operation.because, text }]
    }),
  }
}

/** The document that an operation sends, as it is sent. */
export function documentOf(operation: Operation): string | undefined {
  switch (operation.action) {
    case 'CreatePolicy':
    case 'CreatePolicyVersion':
    case 'UpdateAssumeRolePolicy':
    case 'PutUserPolicy':
    case 'PutGroupPolicy':
    case 'PutRolePolicy':
      return operation.input.PolicyDocument
    case 'CreateRole':
      return operation.input.AssumeRolePolicyDocument
    case 'PutInlinePolicyToPermissionSet':
      return operation.input.InlinePolicy
    default:
      return undefined
  }
}

/** The object that an operation is about, by name. */
export function objectOf({ input }: Operation): string {
  const members = input as Readonly<Record<string, unknown>>
  for (const key of ['PolicyName', 'PolicyArn', 'RoleName', 'UserProfileName', 'PermissionSetArn']) {
    const value = members[key]
    if (typeof value === 'string') return lastPart(value)
  }
  return ''
}

/** Whom an attachment or detachment is for; an object otherwise. */
export function holderOf({ input }: Operation): string {
  const members = input as Readonly<Record<string, unknown>>
  for (const key of ['UserName', 'GroupName', 'RoleName', 'PermissionSetArn', 'UserProfileName']) {
    const value = members[key]
    if (typeof value === 'string') return lastPart(value)
  }
  return ''
}

function personChanges({ plan, snapshot }: Planned): readonly PersonChange[] {
  const actsAs = new Map(plan.target.principals.map((each) => [each.actsAs ?? each.arn, each]))
  const touched = plan.operations.flatMap(({ principal }) => (principal === undefined ? [] : [principal]))
  const principals = [...new Set([...actsAs.keys(), ...touched])].sort()
  const named = plan.target.servers.flatMap(({ arns }) => arns)
  // Taking a run back has no servers of its own: what it gave may be lost on any of them.
  const all = [...snapshot.servers, ...snapshot.apps].map(({ arn }) => arn)
  const servers = [...new Set(named.length > 0 ? named : all)].sort()
  const options = { principals, servers, name: plan.name, now: new Date(snapshot.takenAt) }
  const splits = newRoles(plan, snapshot)
  const read = { ...options, principals: [...principals, ...splits.values()] }
  const before = new Map(evaluateAccess(snapshot, read).map((row) => [`${row.principal} ${row.server}`, row]))
  const changes = new Map<string, ServerChange[]>()
  // The ARN of an App ends in an id, which nobody knows it by.
  const appNames = new Map(snapshot.apps.map(({ arn, name }) => [arn, name]))
  for (const row of evaluateAccess(projectPlan(snapshot, plan.operations), options)) {
    const was = splits.get(row.principal) ?? row.principal
    const had = new Set(before.get(`${was} ${row.server}`)?.allowed ?? [])
    const has = new Set(row.allowed)
    const gained = row.allowed.filter((action) => !had.has(action))
    const lost = [...had].filter((action) => !has.has(action))
    if (gained.length + lost.length === 0) continue
    const change = {
      server: appNames.get(row.server) ?? lastPart(row.server),
      gained,
      lost,
      kept: row.allowed.length - gained.length,
      before: had.size,
      after: has.size,
      elsewhere: row.elsewhere,
    }
    changes.set(row.principal, [...(changes.get(row.principal) ?? []), change])
  }
  return [...changes].map(([principal, list]) => {
    const target = actsAs.get(principal)
    const info = infoOf(target?.arn ?? principal, snapshot)
    const reach = reachOf(info, target)
    const known = info.kind === 'unknown' ? (target?.kind ?? 'principal') : info.kind
    const kind = splits.has(principal) ? 'new role' : reach.roles.size > 0 ? 'role' : known
    const others = reachSize(reach) > 1 ? reachWords(reach) : 'nobody else'
    return {
      principal,
      name: info.name,
      reach,
      note: `${kind.replace('-', ' ')}, ${others}`,
      servers: list,
    }
  })
}

/** Roles that this plan makes for split profiles, and the role through which each profile acts until then. */
function newRoles(plan: Plan, snapshot: Snapshot): ReadonlyMap<string, string> {
  const made = new Set(snapshot.roles.map((role) => role.arn))
  return new Map(
    plan.target.roles.flatMap(({ arn, split }) =>
      split?.from === undefined || made.has(arn) ? [] : [[arn, split.from] as const],
    ),
  )
}

function kindsOf({ plan }: Planned, people: readonly PersonChange[]): readonly ChangeKind[] {
  const groups = new Map<string, Operation[]>()
  for (const operation of plan.operations) {
    const key = kindWords(operation)
    groups.set(key, [...(groups.get(key) ?? []), operation])
  }
  const marks = { adds: '+', changes: '~', removes: '-' } as const
  return [...groups].map(([words, operations]) => {
    const holders = new Set(operations.map((operation) => operation.principal))
    const touched = people.filter((each) => holders.has(each.principal))
    return {
      mark: marks[operations[0]?.risk ?? 'adds'],
      words,
      operations,
      reach: joinReach(touched.map((each) => each.reach)),
      level:
        levels.find((level) => operations.some((operation) => levelOf(plan, operation) === level)) ?? 'low',
    }
  })
}

/** How closely one operation should be looked at: what takes away, or what a finding about its principal says. */
export function levelOf(plan: Plan, operation: Operation): FindingLevel {
  if (operation.risk === 'removes') return 'high'
  const own = plan.findings.filter(
    (finding) => finding.principal !== undefined && finding.principal === operation.principal,
  )
  return levels.find((level) => own.some((finding) => finding.level === level)) ?? 'low'
}

/** What changes for the principal of an operation, where something does. */
export function changeOf(facts: PlanFacts, { principal }: Operation): PersonChange | undefined {
  return facts.people.find((each) => each.principal === principal)
}

function kindWords({ action }: Operation): string {
  const words: Readonly<Record<string, string>> = {
    CreatePolicy: 'create policy',
    CreatePolicyVersion: 'new version of a policy',
    SetDefaultPolicyVersion: 'make a version the default',
    DeletePolicyVersion: 'drop an old version',
    DeletePolicy: 'delete policy',
    CreateRole: 'create role',
    DeleteRole: 'delete role',
    UpdateAssumeRolePolicy: 'change who may use a role',
    ProvisionPermissionSet: 're-provision permission set',
  }
  const known = words[action]
  if (known) return known
  if (action.includes('PermissionSet'))
    return action.startsWith('Detach') || action.startsWith('Delete')
      ? 'detach from permission set'
      : 'attach to permission set'
  if (action.startsWith('Attach')) return 'attach policy'
  if (action.startsWith('Detach')) return 'detach policy'
  // What is left are a holder's own: PutUserPolicy, DeleteRolePolicy.
  if (/^Put.*Policy$/.test(action)) return 'write inline policy'
  if (/^Delete.*Policy$/.test(action)) return 'delete inline policy'
  return action.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
}
