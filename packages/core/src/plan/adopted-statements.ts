import { iamArn } from '../policy/arn.ts'
import type { PolicyDocument, Statement } from '../policy/document.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { type Allowance, lostAllowances } from './covers.ts'
import { defaultDocument, readDocument } from './read-document.ts'

/**
 * What else a policy allowed that goes with it, by the words of its statements: everything that is not MLflow, MLflow
 * on servers that no grant names, and what it denied. Nothing where other policies of the principal say the same.
 */
export function describeRest(text: string, principal: string, after: Snapshot): readonly string[] {
  const document = readDocument(text)
  if (!document) return ['what it says, which cannot be read']
  const statements = [document.Statement].flat()
  const kept = heldAfter(principal, after).flatMap((held) => plainAllowances([held.Statement].flat()))
  const lost = lostAllowances(plainAllowances(statements), kept)
  return [
    ...byService(lost.filter(({ action }) => !isMlflowData(action))),
    ...elsewhere(lost.filter(({ action }) => isMlflowData(action))),
    ...statements.filter(isByException).map(describeException),
    ...denials(statements),
  ]
}

/** Documents of everything that the principal holds itself, or through its groups. */
function heldAfter(principal: string, after: Snapshot): readonly PolicyDocument[] {
  const holder = [...after.users, ...after.groups, ...after.roles].find(({ arn }) => arn === principal)
  const set = after.permissionSets.find(({ arn }) => arn === principal)
  const groups = after.users.find(({ arn }) => arn === principal)?.groups ?? []
  const holders = [...(holder ? [holder] : []), ...after.groups.filter(({ name }) => groups.includes(name))]
  const arns = new Set([
    ...holders.flatMap(({ attached }) => attached),
    ...(set?.managedPolicies ?? []),
    ...(set?.customerManaged ?? []).map(({ path, name }) => iamArn(after, 'policy', path, name)),
  ])
  const texts = [
    ...after.policies.filter(({ arn }) => arns.has(arn)).map(defaultDocument),
    ...holders.flatMap(({ inline }) => inline.map((each) => each.document)),
    ...(set?.inlinePolicy ? [set.inlinePolicy] : []),
  ]
  return texts.flatMap((text) => readDocument(text) ?? [])
}

function plainAllowances(statements: readonly Statement[]): readonly Allowance[] {
  return statements.flatMap(({ Effect, Action, Resource, Condition }) => {
    if (Effect !== 'Allow' || Action === undefined || Resource === undefined) return []
    return [Action]
      .flat()
      .flatMap((action) =>
        [Resource]
          .flat()
          .map(
            (resource): Allowance => ({ action, resource, ...(Condition ? { condition: Condition } : {}) }),
          ),
      )
  })
}

/** The evaluator tells these server by server. */
function isMlflowData(action: string): boolean {
  return /^sagemaker-mlflow:/iu.test(action) || /^sagemaker:CallMlflowAppApi$/iu.test(action)
}

/** `s3:GetObject, s3:PutObject on arn:aws:s3:::ml-data/*`, one part for each service. */
function byService(lost: readonly Allowance[]): readonly string[] {
  const services = new Map<string, { actions: Set<string>; resources: Set<string> }>()
  for (const { action, resource } of lost) {
    const service = action.includes(':') ? (action.split(':')[0] ?? '') : action
    const entry = services.get(service) ?? { actions: new Set(), resources: new Set() }
    entry.actions.add(action)
    entry.resources.add(resource)
    services.set(service, entry)
  }
  return [...services.values()].map(
    ({ actions, resources }) => `${someOf([...actions].sort())} on ${someOf([...resources].sort())}`,
  )
}

/** MLflow on a pattern of servers reaches servers that were not read, and those still to come. */
function elsewhere(lost: readonly Allowance[]): readonly string[] {
  const patterns = [
    ...new Set(
      lost
        .filter(({ action, resource }) => resource.includes('*') && !/:AccessUI$/iu.test(action))
        .map(({ resource }) => resource),
    ),
  ].sort()
  return patterns.length === 0 ? [] : [`MLflow on every other server that ${someOf(patterns)} covers`]
}

function isByException({ Effect, Action, Resource }: Statement): boolean {
  return Effect === 'Allow' && (Action === undefined || Resource === undefined)
}

function describeException({ Action, NotAction, Resource, NotResource }: Statement): string {
  const what =
    Action === undefined ? `everything but ${someOf([NotAction ?? []].flat())}` : someOf([Action].flat())
  const where =
    Resource === undefined
      ? `everything but ${someOf([NotResource ?? []].flat())}`
      : someOf([Resource].flat())
  return `${what} on ${where}`
}

/** A Deny that goes lets through what it held back. */
function denials(statements: readonly Statement[]): readonly string[] {
  const denied = statements
    .filter(({ Effect }) => Effect === 'Deny')
    .flatMap(({ Action, NotAction }) =>
      Action === undefined ? [`all but ${someOf([NotAction ?? []].flat())}`] : Action,
    )
  return denied.length === 0 ? [] : [`its Deny of ${someOf([...new Set(denied)])}, which no longer holds`]
}

function someOf(items: readonly string[]): string {
  return items.length <= 4 ? items.join(', ') : `${items.slice(0, 3).join(', ')} and ${items.length - 3} more`
}
