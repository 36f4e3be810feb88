import { findAction } from '../catalog/actions.ts'
import { finding } from '../plan/findings.ts'
import type { Finding } from '../plan/plan.ts'
import { arnName } from '../policy/arn.ts'
import {
  type ActionBits,
  accessUiBits,
  appBits,
  both,
  either,
  isEmptyBits,
  rowActions,
  serverBits,
  without,
} from './action-bits.ts'
import type { CompiledStatement } from './compile-policy.ts'
import { compileTextPattern } from './text-pattern.ts'

/** A statement, the words that name it and whom it reaches, and the moment it is looked at. */
export interface StatementInView {
  readonly statement: CompiledStatement
  /** `Statement X of policy legacy (ana, ben and 3 more)` */
  readonly subject: string
  readonly now: Date
}

/** What a reviewer should see in one statement, whoever holds it. */
export function statementFindings(view: StatementInView): readonly Finding[] {
  const allows = view.statement.effect === 'Allow'
  return [
    ...unknownActions(view),
    ...keysNeverSent(view),
    ...(allows ? [...wideAccess(view), ...wrongResource(view), ...endings(view)] : denyFindings(view)),
  ]
}

/** Every MLflow action on every server, and PassRole on every role. */
function wideAccess({ statement, subject }: StatementInView): readonly Finding[] {
  if (!coversEverything(statement)) return []
  const found: Finding[] = []
  const admin = statement.actions.values.includes('*')
  if (isEmptyBits(without(either(serverBits, accessUiBits), statement.bits)) && !admin) {
    const wildcard =
      statement.actions.negated || statement.actions.values.some((value) => value.includes('*'))
    const later = wildcard ? ', and whatever AWS adds later' : ''
    const message = `${subject} allows every MLflow action on every tracking server${later}.`
    found.push(finding('every-action-everywhere', message))
  }
  const passesRoles =
    statement.actions.values.some((value) => /^iam:/i.test(value)) && !statement.actions.negated
  if (passesRoles && statement.coversAction('iam:passrole')) {
    const limit = statement.hasCondition ? ', under conditions' : ''
    found.push(
      finding('pass-role-any', `${subject} allows iam:PassRole on every role of the account${limit}.`),
    )
  }
  return found
}

/** MLflow actions on resources that they do not take. */
function wrongResource({ statement, subject }: StatementInView): readonly Finding[] {
  const { resources, bits } = statement
  if (resources.negated) return []
  const found: Finding[] = []
  const onServers = resources.values.filter((value) => /:mlflow-tracking-server\//.test(value))
  const namesUi = statement.actions.values.some(
    (value) => value.toLowerCase() === 'sagemaker-mlflow:accessui',
  )
  if (
    onServers.length > 0 &&
    onServers.length === resources.values.length &&
    namesUi &&
    has(bits, accessUiBits)
  ) {
    const message = `${subject} allows AccessUI on server ARNs, but AccessUI takes no resource: it needs "*" to open the UI.`
    found.push(finding('access-ui-on-server', message))
  }
  const onApps = resources.values.some((value) => /:mlflow-app\//.test(value))
  if (
    onApps &&
    !has(bits, appBits) &&
    statement.actions.values.some((value) => /^sagemaker-mlflow:/i.test(value))
  ) {
    const message = `${subject} allows single MLflow actions on an App. Apps know one action, sagemaker:CallMlflowAppApi, so these do nothing there.`
    found.push(finding('not-for-apps', message))
  }
  return found
}

const soon = 14 * 24 * 3600 * 1000

/** Access that ended, or ends within two weeks. */
function endings({ statement, subject, now }: StatementInView): readonly Finding[] {
  if (!touchesMlflow(statement)) return []
  const end = endOf(statement.condition)
  if (end === undefined || Number.isNaN(end)) return []
  const date = new Date(end).toISOString().slice(0, 16).replace('T', ' ')
  if (end <= now.getTime())
    return [finding('grant-ended', `${subject} gave access until ${date} UTC and gives none now.`)]
  if (end - now.getTime() > soon) return []
  return [finding('grant-ends-soon', `${subject} gives access until ${date} UTC.`)]
}

/** The `aws:CurrentTime` before which a statement applies. */
export function endOf(condition: unknown): number | undefined {
  for (const [operator, keys] of entriesOf(condition)) {
    if (!/^DateLessThan(Equals)?(IfExists)?$/i.test(operator)) continue
    for (const [key, value] of entriesOf(keys)) {
      if (key.toLowerCase() === 'aws:currenttime' && typeof value === 'string') return Date.parse(value)
    }
  }
  return undefined
}

/** Names without wildcards that are no action of MLflow on SageMaker, and patterns that match none. */
function unknownActions({ statement, subject }: StatementInView): readonly Finding[] {
  const unknown = statement.actions.values.filter((value) => {
    if (!/^sagemaker-mlflow:/i.test(value)) return false
    if (!/[*?]/.test(value)) return findAction(value) === undefined
    const pattern = compileTextPattern(value, { form: 'like', ignoreCase: true, variables: false })
    return !rowActions.some((name) => pattern.matches(name, { valueOf: () => 'unknown' }) === true)
  })
  if (unknown.length === 0) return []
  const names = unknown.map((value) => value.slice(0, 80)).join(', ')
  return [finding('unknown-action', `${subject} names ${names}: no MLflow action is called so.`)]
}

/** Keys that MLflow's data plane, or SageMaker's registry, never sends in the spelling used. */
function keysNeverSent({ statement, subject }: StatementInView): readonly Finding[] {
  const found: Finding[] = []
  const tagKey = statement.keys.find((key) => key.startsWith('sagemaker:resourcetag/'))
  if (tagKey && touchesMlflow(statement)) {
    const right = tagKey.replace('sagemaker:resourcetag/', 'aws:ResourceTag/')
    found.push(
      finding(
        'key-never-sent',
        `${subject} asks for ${tagKey}, which MLflow calls never carry; it is ${right} there.`,
      ),
    )
  }
  const stage = statement.keys.find((key) => key.startsWith('sagemaker:modellifecycle/'))
  if (stage) {
    const message = `${subject} asks for ${stage}; SageMaker's key is written sagemaker:ModelLifeCycle:Stage, so the condition never matches.`
    found.push(finding('key-never-sent', message))
  }
  return found
}

const alwaysKnown =
  /^aws:(currenttime|epochtime|securetransport|requestedregion|resourcetag\/|principal|username|viaawsservice|tokenissuetime)/

/** A deny whose condition nobody can judge from here. */
function denyFindings({ statement, subject }: StatementInView): readonly Finding[] {
  const unknown = statement.keys.filter(
    (key) => !alwaysKnown.test(key) && !key.startsWith('sagemaker:resourcetag/'),
  )
  if (unknown.length === 0 || !touchesMlflow(statement)) return []
  const message = `${subject} denies MLflow actions depending on ${unknown.join(', ')}, which is not known here.`
  return [finding('unknown-key-in-deny', message)]
}

export function coversEverything(statement: CompiledStatement): boolean {
  return !statement.resources.negated && statement.resources.values.includes('*')
}

function touchesMlflow(statement: CompiledStatement): boolean {
  return !isEmptyBits(statement.bits)
}

function has(bits: ActionBits, wanted: ActionBits): boolean {
  return !isEmptyBits(both(bits, wanted))
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
}

/** `policy legacy`, or `the inline policy extra of user ana`. */
export function policyWords(label: string): string {
  const inline = /^inline:(.*)@(arn:.*)$/.exec(label)
  if (!inline?.[1] || !inline[2]) return `policy ${arnName(label)}`
  return `the inline policy ${inline[1]} of ${arnName(inline[2])}`
}

/** `ana, ben, cem and 4 more` */
export function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ')
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown
}
