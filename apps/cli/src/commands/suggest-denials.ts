import { joinS3, noS3 } from '@mlflow-iam/core/catalog/join-s3'
import { type Explanation, explain } from '@mlflow-iam/core/evaluate/explain'
import { readDenial } from '@mlflow-iam/core/evaluate/read-denial'
import { principalRef } from '@mlflow-iam/core/evaluate/smallest-grant'
import { arnName } from '@mlflow-iam/core/policy/arn'
import type { Undecided } from '@mlflow-iam/core/suggest/code-reading'
import {
  type Reason,
  type Suggestion,
  type SuggestOptions,
  suggestFor,
} from '@mlflow-iam/core/suggest/suggest-grants'
import { usageProblem } from './usage-problem.ts'

/** One denial, as `explain` reads it, and where it stands among the others. */
interface Refusal {
  readonly at: string
  readonly action: string
  readonly explanation: Explanation
}

/** The least grants that would have allowed what was refused; what no grant can allow is for a person to decide. */
export function suggestForDenials(texts: readonly string[], options: SuggestOptions): Suggestion {
  const refusals = texts.map(readRefusal)
  const undecided: Undecided[] = []
  const parts: Suggestion[] = []
  const lines: string[] = []
  for (const refusal of refusals) {
    const { grant, needs } = refusal.explanation
    if (grant === '') undecided.push({ at: refusal.at, why: whyNot(refusal) })
    else if (grant.startsWith('grants:') && needs.actions.length > 0 && needs.actions.every(isMlflow)) {
      const part = suggestFor(reasonsOf(refusal), s3Of([refusal]), [], grantee(refusal, options))
      parts.push(part)
      lines.push(part.grants.replace(/^grants:\n/, ''))
    } else {
      const [servers = '', body = ''] = grant.split(/^grants:\n/m)
      const app = servers.split('\n')[1]?.trim()
      if (app) undecided.push({ at: refusal.at, why: `The App must stand under servers: ${app}` })
      const to = options.to ?? 'role/CHANGE-ME'
      const filled = body
        .replace(/to: user\/NAME$/m, `to: ${to}`)
        .replace(/^ {4}on: SERVER\n/m, options.on ? `    on: [${options.on.join(', ')}]\n` : '')
      lines.push(`  # ${refusal.action}: ${refusal.at} AccessDenied\n${filled}`)
    }
  }
  const granted = refusals.filter(({ explanation }) => explanation.grant !== '')
  const whole = suggestFor(
    parts.flatMap(({ reasons }) => reasons),
    s3Of(granted),
    undecided,
    options,
  )
  return {
    ...whole,
    needs: {
      actions: [...new Set(granted.flatMap(({ explanation }) => explanation.needs.actions))].sort(),
      s3: whole.needs.s3,
    },
    grants: lines.length === 0 ? '' : `grants:\n${lines.join('')}`,
    reasons: granted.flatMap(reasonsOf),
  }
}

function readRefusal(text: string, index: number): Refusal {
  const denial = readDenial(text)
  if (!denial) {
    throw usageProblem(
      `--denied ${JSON.stringify(text.slice(0, 80))} is no AccessDenied message.`,
      'It must hold "is not authorized to perform: ACTION".',
      'Paste the whole message, in quotes.',
    )
  }
  const explanation = explain(text, undefined, { now: new Date() })
  return { at: `denied:${index + 1}`, action: denial.action.replace(/^sagemaker-mlflow:/, ''), explanation }
}

function reasonsOf({ at, action, explanation }: Refusal): readonly Reason[] {
  const { actions } = explanation.needs
  return (actions.length > 0 ? actions : [action]).map((name) => ({
    action: name,
    at,
    function: 'AccessDenied',
    evidence: 'denial',
  }))
}

function s3Of(refusals: readonly Refusal[]) {
  const needs = refusals.map(({ explanation }) => {
    const has = (word: 'read' | 'write' | 'list') => explanation.needs.s3.includes(word)
    return { read: has('read'), write: has('write'), list: has('list') }
  })
  return { ...needs.reduce(joinS3, noS3), onlyTraces: false }
}

/** The message says who was refused, and where. */
function grantee({ explanation }: Refusal, options: SuggestOptions): SuggestOptions {
  const { principal, resource } = explanation.denial ?? {}
  const isServer = resource !== undefined && /:mlflow-tracking-server\/[A-Za-z0-9-]+$/.test(resource)
  return {
    ...(principal === undefined ? {} : { to: principalRef(principal) }),
    ...(isServer ? { on: [arnName(resource)] } : {}),
    ...options,
  }
}

function whyNot({ action, explanation }: Refusal): string {
  const reason = explanation.denial?.reason
  return reason === undefined || reason === 'not-said' || reason === 'no-identity-policy'
    ? `${action} is nothing that a grant can give.`
    : `${action} is refused by ${refusers[reason]}: no grant can allow it.`
}

const refusers = {
  'explicit-deny': 'a statement that denies it',
  'organization-policy': "a policy of the organization's",
  'permissions-boundary': 'a permissions boundary',
  'session-policy': 'a session policy',
  'resource-policy': 'a policy of the resource',
  'endpoint-policy': 'a policy of the VPC endpoint',
} as const

function isMlflow(action: string): boolean {
  return !action.includes(':')
}
