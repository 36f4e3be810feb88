import { type CallerRight, callerRights } from '@mlflow-iam/core/evaluate/caller-rights'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { count } from './count.ts'

const mostLines = 30

/** One line on whether whoever planned may also send: nothing where there is nothing to send, or nobody is known. */
export function renderRights(plan: Plan, snapshot: Snapshot, source: string): string {
  const { caller, requests, rights } = callerRights(plan, snapshot)
  if (requests === 0 || caller === undefined) return ''
  const lacking = rights.filter(isDenied)
  if (lacking.length > 0) return `You lack ${inShort(lacking)}. ${askFor(source)}`
  const open = rights.find(({ state }) => state === 'unknown')
  const all = requests === 1 ? 'the one request' : `all ${requests} requests`
  if (open === undefined) return `You may make ${all}.`
  return `Whether you may make ${all} is not known: ${'why' in open ? open.why : ''}.`
}

/**
 * Exit 6 before anything is sent, where the caller's policies certainly refuse some request of the plan; undefined
 * where they do not, or where that is not known. `source` is what to export: `-f grants.yaml`, `plan.json`; a journal
 * cannot be exported.
 */
export function findMissingRights(plan: Plan, snapshot: Snapshot, source?: string): Problem | undefined {
  const { caller, rights } = callerRights(plan, snapshot)
  const lacking = rights.filter(isDenied)
  if (lacking.length === 0) return undefined
  const lines = lacking.slice(0, mostLines).map(({ action, resource }) => `${action} on ${resource}`)
  const more = lacking.length > mostLines ? [`and ${lacking.length - mostLines} more`] : []
  const causes = [...new Set(lacking.map(({ why }) => `${sentence(why)}.`))].slice(0, 5)
  return new Problem(
    'ACCESS_DENIED',
    `You lack ${count(lacking.length, 'permission')} that ${source === undefined ? 'this needs, so it sends nothing' : 'the plan needs, so nothing was sent'}.`,
    {
      why: [`You are ${caller}.`, ...causes, ...lines, ...more].join('\n'),
      fix:
        source === undefined
          ? ['Ask for these, or let someone who has them run it with this journal.']
          : [askFor(source), 'Or hand that folder to someone who may run it.'],
      exit: exitCodes.accessDenied,
    },
  )
}

type Denied = Extract<CallerRight, { readonly state: 'denied' | 'unknown' }>

function isDenied(right: CallerRight): right is Denied {
  return right.state === 'denied'
}

/** The first of each action: `iam:CreatePolicy on ARN and 3 more`. */
function inShort(rights: readonly CallerRight[]): string {
  const byAction = new Map<string, string[]>()
  for (const { action, resource } of rights) byAction.set(action, [...(byAction.get(action) ?? []), resource])
  return [...byAction]
    .map(([action, [first, ...rest]]) => {
      const others = rest.length === 0 ? '' : ` and ${rest.length} more`
      return `${action} on ${first}${others}`
    })
    .join(', ')
}

function askFor(source: string): string {
  return `Ask for the least policy of this plan, in the README of: mlflow-iam export ${source} --format shell -o handover`
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
