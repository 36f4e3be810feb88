import { finding } from '../plan/findings.ts'
import type { Finding } from '../plan/plan.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { decide } from './decide.ts'
import { evaluateAccess } from './evaluate-access.ts'
import { nameSome } from './statement-findings.ts'

const needed = [
  'iam:GetAccountAuthorizationDetails',
  'iam:CreatePolicy',
  'iam:CreatePolicyVersion',
  'iam:AttachRolePolicy',
  'iam:AttachUserPolicy',
  'iam:DetachRolePolicy',
  'iam:DetachUserPolicy',
]

/** Whether the person who runs this tool would lose access by it: `after` is the account that the plan leads to. */
export function findSelfLockOut(before: Snapshot, after: Snapshot, now: Date): readonly Finding[] {
  const principal = before.caller
  if (principal === undefined) return []
  const may = (snapshot: Snapshot, action: string) =>
    decide(snapshot, { principal, action, resource: '*', now }).outcome === 'allowed'
  const lost = needed.filter((action) => may(before, action) && !may(after, action))
  const left = new Map(
    evaluateAccess(after, { principals: [principal], now }).map((row) => [row.server, new Set(row.allowed)]),
  )
  const gone = new Set(
    evaluateAccess(before, { principals: [principal], now }).flatMap((row) =>
      row.allowed.filter((action) => !left.get(row.server)?.has(action)),
    ),
  )
  const found: string[] = [...lost, ...[...gone].sort()]
  if (found.length === 0) return []
  const message = `You (${principal}) would lose ${nameSome(found)} yourself.`
  return [finding('self-lock-out', message, { principal })]
}
