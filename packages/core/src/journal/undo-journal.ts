import { planId } from '../plan/build-plan.ts'
import { fingerprintOf } from '../plan/fingerprint.ts'
import type { Operation, Request, Risk } from '../plan/operation.ts'
import type { Finding, Plan } from '../plan/plan.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { type AccountView, findEffect, viewAccount } from './find-effect.ts'
import { type Holdings, startHoldings } from './holdings.ts'
import type { Journal, JournalStep } from './read-journal.ts'
import { requestOf, resolveValues } from './resolve-values.ts'
import { rolesInUse, whyInUse } from './roles-in-use.ts'

/**
 * The plan that takes a journal's run back: the recorded inverses, last first. It leaves alone what somebody has
 * changed since, and says so; and it says what AWS cannot give back exactly.
 */
export function undoJournal(journal: Journal, snapshot: Snapshot): Plan {
  const account = viewAccount(snapshot)
  const holdings = startHoldings(snapshot)
  const answers = new Map(journal.steps.map(({ operation, answer }) => [operation.id, answer]))
  for (const { operation, state } of journal.steps) {
    if (state !== 'unknown') continue
    const effect = findEffect(requestOf(operation, answers), account)
    if (effect.state === 'there') answers.set(operation.id, effect.answer)
  }

  const used = rolesInUse(journal.steps, account, snapshot)
  const drafts: Draft[] = []
  const findings: Finding[] = []
  for (const step of [...journal.steps].reverse()) {
    const undoing = undoStep(step, answers, account, holdings, used)
    drafts.push(...undoing.drafts)
    findings.push(...undoing.findings)
  }
  const operations = onceProvisioned(drafts).map(({ id: _, ...draft }, place) => ({
    id: `undo-${place + 1}`,
    ...draft,
  }))
  const { account: number, partition, region, name, target } = journal.header.plan
  const body: Plan = {
    version: 1,
    id: '',
    account: number,
    partition,
    region,
    name,
    prune: false,
    snapshot: { takenAt: snapshot.takenAt, fingerprint: fingerprintOf(operations, snapshot) },
    // Nothing should exist but what was there; the principals are kept for their names.
    target: {
      servers: [],
      principals: target.principals,
      roles: [],
      policies: [],
      attachments: [],
      access: [],
    },
    operations,
    findings,
    totals: totalsOf(operations),
  }
  return { ...body, id: planId(body) }
}

type Draft = Operation

interface Undoing {
  readonly drafts: readonly Draft[]
  readonly findings: readonly Finding[]
}

const nothing: Undoing = { drafts: [], findings: [] }

function undoStep(
  { operation, state, inverse }: JournalStep,
  answers: ReadonlyMap<string, Readonly<Record<string, string>>>,
  account: AccountView,
  holdings: Holdings,
  used: ReadonlyMap<string, string>,
): Undoing {
  if (state === 'waiting' || state === 'failed') return nothing
  const forward = requestOf(operation, answers)
  const reason = whyInUse(forward, used)
  if (reason !== undefined) return { drafts: [], findings: [left(operation, reason)] }
  const inverses = resolveValues(inverse, answers)
  const effect = findEffect(forward, account)
  // Never took effect, or was taken back completely before.
  if (effect.state === 'not-there' && state === 'unknown') return nothing
  const open = inverses.filter((request) => findEffect(request, account).state !== 'there')
  if (effect.state === 'not-there' && open.length === inverses.length) {
    return { drafts: [], findings: [left(operation, 'it was changed since')] }
  }
  const drafts: Draft[] = []
  for (const request of open) {
    const refusal = holdings.refusal(request)
    if (refusal !== undefined) return { drafts, findings: [left(operation, refusal)] }
    holdings.add(request)
    drafts.push(draftOf(operation, forward, request))
  }
  return { drafts, findings: drafts.flatMap((draft) => inexact(draft)) }
}

function draftOf(operation: Operation, forward: Request, inverse: Request): Draft {
  const risk = risks(inverse)
  const narrows =
    risk === 'changes' && !operation.narrows && /Version$|AssumeRolePolicy$|Profile$/.test(inverse.action)
  return {
    id: '',
    ...inverse,
    ...(operation.principal === undefined ? {} : { principal: operation.principal }),
    because: `Takes back: ${operation.because}`,
    risk,
    ...(narrows && inverse.action !== 'DeletePolicyVersion' ? { narrows: true } : {}),
    inverse: [againAs(forward, inverse)],
  }
}

/** What brings back the state before an inverse: the original request, in so far as this inverse took it back. */
function againAs(forward: Request, inverse: Request): Request {
  if (forward.action !== 'CreatePolicyVersion') return forward
  if (inverse.action === 'DeletePolicyVersion') {
    return { action: 'CreatePolicyVersion', input: { ...forward.input, SetAsDefault: false } }
  }
  return forward
}

function risks({ action }: Request): Risk {
  if (/^(Create(Role|Policy)$|Attach|Put(User|Group|Role)Policy$)/.test(action)) return 'adds'
  if (/^(Delete(Role|Policy|(User|Group|Role)Policy|InlinePolicy.*)$|Detach)/.test(action)) return 'removes'
  return 'changes'
}

function left(operation: Operation, why: string): Finding {
  return {
    level: 'review',
    code: 'not-taken-back',
    message: `Not taken back, because ${why}: ${operation.because}`,
    ...(operation.principal === undefined ? {} : { principal: operation.principal }),
  }
}

/** What comes back different, since AWS invents it anew. */
function inexact({ action, input, because }: Draft): readonly Finding[] {
  const members: Readonly<Record<string, unknown>> = { ...input }
  const what =
    action === 'CreatePolicyVersion'
      ? 'The document comes back as a new version: AWS never gives a version number twice.'
      : action === 'CreatePolicy'
        ? `Policy ${members.PolicyName} comes back with another id and date, and its versions numbered from v1.`
        : action === 'CreateRole'
          ? `Role ${members.RoleName} comes back with another id: policies elsewhere that name it must be saved again to trust it.`
          : undefined
  return what === undefined ? [] : [{ level: 'review', code: 'not-exactly', message: `${what} (${because})` }]
}

/** Each permission set is provisioned once, after everything about it has been put back. */
function onceProvisioned(drafts: readonly Draft[]): readonly Draft[] {
  const seen = new Set<string>()
  return [...drafts]
    .reverse()
    .filter((draft) => {
      if (draft.action !== 'ProvisionPermissionSet') return true
      const again = seen.has(draft.input.PermissionSetArn)
      seen.add(draft.input.PermissionSetArn)
      return !again
    })
    .reverse()
}

function totalsOf(operations: readonly Operation[]): Plan['totals'] {
  const count = (risk: Risk) => operations.filter((operation) => operation.risk === risk).length
  const deletes = operations.filter(
    ({ action }) => action === 'DeletePolicy' || action === 'DeleteRole',
  ).length
  return { adds: count('adds'), changes: count('changes'), removes: count('removes'), deletes }
}
