import { newerThanGuide } from '../catalog/action-words.ts'
import { finding } from '../plan/findings.ts'
import type { Finding } from '../plan/plan.ts'
import { arnName } from '../policy/arn.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { Account, Holder } from './account.ts'
import {
  type ActionBits,
  bitsOf,
  both,
  either,
  isEmptyBits,
  noActions,
  serverBits,
  without,
} from './action-bits.ts'
import { decide } from './decide.ts'
import { nameSome } from './statement-findings.ts'

/** What a reviewer should see about one principal. */
export function principalFindings(account: Account, holder: Holder, now: Date): readonly Finding[] {
  return [
    ...boundaryFindings(holder),
    ...escalationFindings(account.snapshot, holder, now),
    ...unreadFindings(holder),
  ]
}

const newerBits = bitsOf(newerThanGuide)
const olderBits = without(serverBits, newerBits)

/**
 * A boundary that knows the 44 actions of the first guide and none of the 17 newer ones, as AWS's own
 * SageMakerStudioProjectUserRolePermissionsBoundary does: MLflow 3 clients fail behind it.
 */
function boundaryFindings(holder: Holder): readonly Finding[] {
  const boundary = holder.boundary?.policy
  if (!boundary) return []
  let allowed: ActionBits = noActions
  let denied: ActionBits = noActions
  for (const statement of boundary.statements) {
    if (statement.effect === 'Allow') allowed = either(allowed, statement.bits)
    else denied = either(denied, statement.bits)
  }
  const inside = without(allowed, denied)
  const knowsOlder = isEmptyBits(without(olderBits, inside))
  if (!knowsOlder || !isEmptyBits(both(inside, newerBits))) return []
  const message = `${holder.name}: the permissions boundary ${arnName(holder.boundary?.arn ?? '')} allows the 44 older MLflow actions and none of the 17 newer ones, so logging models, registering them and tracing fail with MLflow 3.`
  return [finding('boundary-older-actions', message, { principal: holder.arn })]
}

/** Ways in which a principal may widen what limits it. Whoever may do anything in IAM is left out: that is no news. */
function escalationFindings(snapshot: Snapshot, holder: Holder, now: Date): readonly Finding[] {
  if (holder.kind === 'group' || !holder.policies.some(({ policy }) => policy.statements.some(touchesIam)))
    return []
  const may = (action: string, resource: string) =>
    decide(snapshot, { principal: holder.arn, action, resource, now }).outcome === 'allowed'
  if (may('iam:CreateUser', '*') && may('iam:CreateAccessKey', '*')) return []
  const ways: string[] = []
  const kind = holder.kind === 'user' ? 'User' : 'Role'
  for (const action of [`iam:Attach${kind}Policy`, `iam:Put${kind}Policy`]) {
    if (may(action, holder.arn)) ways.push(`${action} on itself`)
  }
  const attached = holder.policies.filter(({ label }) => label.startsWith('arn:')).map(({ label }) => label)
  for (const label of new Set(attached)) {
    for (const action of ['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion']) {
      if (may(action, label)) ways.push(`${action} on its policy ${arnName(label)}`)
    }
  }
  if (holder.boundary) {
    for (const action of [`iam:Delete${kind}PermissionsBoundary`, `iam:Put${kind}PermissionsBoundary`]) {
      if (may(action, holder.arn)) ways.push(`${action} on itself`)
    }
    for (const action of ['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion']) {
      if (may(action, holder.boundary.arn)) ways.push(`${action} on its boundary`)
    }
  }
  if (ways.length === 0) return []
  const message = `${holder.name} may widen its own access: ${ways.join('; ')}.`
  return [finding('may-widen-itself', message, { principal: holder.arn })]
}

const iamProbes = [
  'iam:attachuserpolicy',
  'iam:attachrolepolicy',
  'iam:putuserpolicy',
  'iam:putrolepolicy',
  'iam:createpolicyversion',
  'iam:setdefaultpolicyversion',
]

function touchesIam(statement: Holder['policies'][number]['policy']['statements'][number]): boolean {
  return statement.effect === 'Allow' && iamProbes.some((action) => statement.coversAction(action))
}

function unreadFindings(holder: Holder): readonly Finding[] {
  const missing =
    holder.boundary && !holder.boundary.policy ? [...holder.unread, holder.boundary.arn] : holder.unread
  if (missing.length === 0) return []
  const message = `${holder.name}: what ${nameSome(missing.map(arnName))} says could not be read, so it is not known here.`
  return [finding('policy-not-read', message, { principal: holder.arn })]
}
