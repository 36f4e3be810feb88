import { arnName, iamArn } from '../policy/arn.ts'
import type { PolicyDocument } from '../policy/document.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { AccountIndex } from '../target/account-index.ts'
import { ownStatements } from '../target/inline-statements.ts'
import { isCarriedPolicy } from '../target/split-marks.ts'
import { listedPrincipals, type Target } from '../target/target.ts'
import { type Allowance, allowancesOf, lostAllowances } from './covers.ts'
import { finding } from './findings.ts'
import type { Finding } from './plan.ts'
import type { ProfileSwitch } from './plan-splits.ts'
import { defaultDocument, readDocument } from './read-document.ts'

interface Losing {
  readonly target: Target
  readonly snapshot: Snapshot
  readonly account: AccountIndex
  readonly prefix: string
  readonly fileName: string
  readonly prune: boolean
  readonly narrowed: ReadonlySet<string>
  readonly switches: readonly ProfileSwitch[]
  readonly now: Date
}

/** One `high` finding for each principal that our own policies allow fewer actions after the plan than before. */
export function planLosses({
  target,
  snapshot,
  account,
  prefix,
  fileName,
  prune,
  narrowed,
  switches,
  now,
}: Losing): readonly Finding[] {
  const documents = new Map(target.policies.map((policy) => [policy.arn, policy.document]))
  const wanted = new Map<string, string[]>()
  for (const { principal, policy } of target.attachments)
    wanted.set(principal, [...(wanted.get(principal) ?? []), policy])
  const listed = new Set(listedPrincipals(target))

  const stored = (arn: string): PolicyDocument | undefined => {
    const policy = account.policyByArn(arn)
    return policy ? readDocument(defaultDocument(policy)) : undefined
  }
  const known = new Map<string, readonly Allowance[] | undefined>()
  const lossOf = (before: readonly string[], after: readonly string[]): readonly Allowance[] | undefined => {
    const key = `${[...before].sort().join(',')}>${[...after].sort().join(',')}`
    if (known.has(key)) return known.get(key)
    const old = allowancesOf(
      before.flatMap((arn) => stored(arn) ?? []),
      now,
    )
    const young = allowancesOf(
      after.flatMap((arn) => documents.get(arn) ?? stored(arn) ?? []),
      now,
    )
    const loss = old && young ? lostAllowances(old, young) : undefined
    known.set(key, loss)
    return loss
  }

  const findings: Finding[] = []
  const compare = (arn: string, name: string, before: readonly string[]): void => {
    if (before.length === 0) return
    const after = listed.has(arn) ? (wanted.get(arn) ?? []) : prune ? [] : before
    const shrinks = before.some((policy) => narrowed.has(policy) || !after.includes(policy))
    if (shrinks) tell(arn, name, lossOf(before, after))
  }
  const tell = (arn: string, name: string, loss: readonly Allowance[] | undefined): void => {
    if (loss === undefined) {
      findings.push(
        finding(
          'access-lost',
          `${name} may lose access: a policy of ours was changed by hand and cannot be compared.`,
          { principal: arn },
        ),
      )
    } else if (loss.length > 0) {
      findings.push(finding('access-lost', `${name} loses ${describeLoss(loss)}.`, { principal: arn }))
    }
  }
  for (const principal of [...snapshot.users, ...snapshot.groups, ...snapshot.roles]) {
    if (principal.name.startsWith('AWSReservedSSO_')) continue // follows its permission set, compared below
    compare(
      principal.arn,
      principal.name,
      principal.attached.filter((arn) => arn.startsWith(prefix)),
    )
  }
  // A split profile had what the shared role has, and has its own role's from then on.
  for (const { role, profile, source } of switches) {
    const before = source.attached.filter((arn) => arn.startsWith(prefix) && !isCarriedPolicy(arn))
    const after = wanted.get(role.arn) ?? []
    if (before.every((arn) => after.includes(arn) && !narrowed.has(arn))) continue
    tell(role.arn, `profile ${profile.domain}/${profile.name}`, lossOf(before, after))
  }
  for (const set of snapshot.permissionSets) {
    const before = set.customerManaged
      .map((policy) => iamArn(snapshot, 'policy', policy.path, policy.name))
      .filter((arn) => arn.startsWith(prefix))
    const written = ownStatements(set.inlinePolicy ?? '', fileName)
    const inline = target.inline?.find(({ principal }) => principal === set.arn)?.statements ?? []
    if (written.length === 0 && inline.length === 0) {
      compare(set.arn, set.name, before)
      continue
    }
    if (!listed.has(set.arn) && !prune) continue
    const old = allowancesOf([...before.flatMap((arn) => stored(arn) ?? []), { Statement: written }], now)
    const after = (wanted.get(set.arn) ?? []).flatMap((arn) => documents.get(arn) ?? stored(arn) ?? [])
    const young = allowancesOf([...after, { Statement: inline }], now)
    tell(set.arn, set.name, old && young ? lostAllowances(old, young) : undefined)
  }
  return findings
}

/** `44 actions on ml-dev, GetRun on ml-prod`: MLflow's by server, everything else by service. */
function describeLoss(loss: readonly Allowance[]): string {
  const byPlace = new Map<string, Set<string>>()
  for (const { action, resource } of loss) {
    const [service = '', name = ''] = action.split(':')
    const place =
      resource === '*'
        ? 'account-wide'
        : service.startsWith('sagemaker')
          ? `on ${arnName(resource)}`
          : service === 'sts'
            ? `of role ${arnName(resource)}`
            : `of ${service}`
    byPlace.set(place, (byPlace.get(place) ?? new Set()).add(service.startsWith('sagemaker') ? name : action))
  }
  const parts = [...byPlace].map(
    ([place, actions]) =>
      `${actions.size <= 3 ? [...actions].join(', ') : `${actions.size} actions`} ${place}`,
  )
  return parts.length <= 4
    ? parts.join('; ')
    : `${parts.slice(0, 3).join('; ')} and more in ${parts.length - 3} places`
}
