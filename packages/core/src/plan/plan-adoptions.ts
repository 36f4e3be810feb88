import { evaluateAccess } from '../evaluate/evaluate-access.ts'
import { readInlineLabel } from '../evaluate/owned.ts'
import { arnName, iamArn } from '../policy/arn.ts'
import type { IamGroup, IamRole, IamUser, ManagedPolicy, Snapshot } from '../snapshot/snapshot.ts'
import type { Target } from '../target/target.ts'
import { describeRest } from './adopted-statements.ts'
import { finding } from './findings.ts'
import type { Finding } from './plan.ts'
import type { ProfileSwitch } from './plan-splits.ts'
import { defaultDocument } from './read-document.ts'

interface Adopting {
  readonly target: Target
  readonly before: Snapshot
  /** The account that the plan leads to. */
  readonly after: Snapshot
  readonly switches: readonly ProfileSwitch[]
  readonly now: Date
}

/** Who acts with a policy before the plan, and as whom after it: a split profile changes its role on the way. */
interface Actor {
  readonly name: string
  readonly principal: string
  readonly before: string
  readonly after: string
}

/** A hand-made policy that the grants replace, managed or inline. */
interface Adopted {
  /** ARN or inline label. */
  readonly id: string
  readonly document: string
  /** `the hand-made policy LegacyMLAccess`, `its inline policy mlflow-access`; for a split profile, whose it is. */
  readonly words: (actor: Actor) => string
  readonly heldBy: (principal: Holder) => boolean
}

type Holder = IamUser | IamGroup | IamRole

/**
 * What adopting hand-made policies changes, for each principal that gives one up: the MLflow actions that the grants
 * do not make good, and whatever else the policy allowed; and whether anybody still has it.
 */
export function planAdoptions(adopting: Adopting): readonly Finding[] {
  return (adopting.target.adopted ?? []).flatMap((id) => {
    const inline = readInlineLabel(id)
    if (inline) return adoptInline(id, inline, adopting)
    const policy = adopting.before.policies.find(({ arn }) => arn === id)
    if (!policy) return []
    const adopted: Adopted = {
      id,
      document: defaultDocument(policy),
      words: () => `the hand-made policy ${policy.name}`,
      heldBy: ({ attached }) => attached.includes(id),
    }
    return [...describeAll(adopted, adopting), whoStillHas(policy, adopting)]
  })
}

/** An inline policy is its holder's alone: nobody else has it, and nothing of it is left to delete. */
function adoptInline(
  id: string,
  { name, holder: arn }: { readonly name: string; readonly holder: string },
  adopting: Adopting,
): readonly Finding[] {
  const named = ({ inline }: Holder) => inline.find((policy) => policy.name === name)
  const of = (snapshot: Snapshot) => holdersIn(snapshot).find((holder) => holder.arn === arn)
  const before = of(adopting.before)
  const policy = before && named(before)
  if (!before || !policy) return []
  const adopted: Adopted = {
    id,
    document: policy.document,
    words: (actor) =>
      actor.principal === arn ? `its inline policy ${name}` : `the inline policy ${name} of ${before.name}`,
    heldBy: (holder) => holder.arn === arn,
  }
  const after = of(adopting.after)
  const stays = after && named(after)
  return [
    ...describeAll(adopted, adopting),
    ...(stays
      ? [
          finding(
            'adopted-still-held',
            `The inline policy ${name} stays with ${arn.split(':')[5]?.split('/')[0]} ${before.name}, which the file does not list.`,
            { principal: arn },
          ),
        ]
      : []),
  ]
}

function describeAll(adopted: Adopted, adopting: Adopting): readonly Finding[] {
  return actorsOf(adopted, adopting).map((actor) => describeChange(actor, adopted, adopting))
}

function holdersIn({ users, groups, roles }: Snapshot): readonly Holder[] {
  return [...users, ...groups, ...roles]
}

/** The principals of the file that have the policy now. */
function actorsOf({ id, heldBy }: Adopted, { target, before, switches }: Adopting): readonly Actor[] {
  const holders = new Set(
    holdersIn(before)
      .filter(heldBy)
      .map(({ arn }) => arn),
  )
  const referring = new Set(
    before.permissionSets
      .filter((set) =>
        set.customerManaged.some(({ path, name }) => iamArn(before, 'policy', path, name) === id),
      )
      .map((set) => set.arn),
  )
  const named = target.principals.flatMap((principal): readonly Actor[] => {
    const acts = principal.actsAs ?? principal.arn
    const has = referring.has(principal.arn) || holders.has(principal.arn)
    return has ? [{ name: principal.name, principal: principal.arn, before: acts, after: acts }] : []
  })
  const made = target.roles.flatMap((role): readonly Actor[] =>
    holders.has(role.arn) && !named.some(({ principal }) => principal === role.arn)
      ? [{ name: role.name, principal: role.arn, before: role.arn, after: role.arn }]
      : [],
  )
  const split = switches.flatMap(({ role, profile, source }): readonly Actor[] =>
    holders.has(source.arn)
      ? [
          {
            ...{ name: `profile ${profile.domain}/${profile.name}`, principal: role.arn },
            ...{ before: source.arn, after: role.arn },
          },
        ]
      : [],
  )
  return [...named, ...made, ...split]
}

function describeChange(actor: Actor, adopted: Adopted, { before, after, now }: Adopting): Finding {
  const then = evaluateAccess(before, { principals: [actor.before], now })
  const later = evaluateAccess(after, { principals: [actor.after], now })
  const parts: string[] = []
  for (const row of then) {
    const kept = later.find(({ server }) => server === row.server)?.allowed ?? []
    const lost = row.allowed.filter((action) => !kept.includes(action))
    if (lost.length > 0) parts.push(`${someOf(lost)} on ${arnName(row.server)}`)
  }
  parts.push(...describeRest(adopted.document, actor.after, after))
  const about = { principal: actor.principal }
  return parts.length === 0
    ? finding(
        'adopt-loses-nothing',
        `${actor.name} gives up ${adopted.words(actor)}, and the grants give all that it allowed.`,
        about,
      )
    : finding(
        'adopt-loses',
        `${actor.name} gives up ${adopted.words(actor)}, and with it what the grants do not give: ${parts.join('; ')}.`,
        about,
      )
}

/** The policy itself is never touched: whether it may go is for a hand to decide. */
function whoStillHas(policy: ManagedPolicy, { after }: Adopting): Finding {
  const names = [
    ...[...after.users, ...after.groups, ...after.roles]
      .filter((principal) => principal.attached.includes(policy.arn))
      .map((principal) => `${principal.arn.split(':')[5]?.split('/')[0]} ${principal.name}`),
    ...[...after.users, ...after.roles]
      .filter((principal) => principal.boundary === policy.arn)
      .map((principal) => `${principal.name} (as its permissions boundary)`),
    ...after.permissionSets
      .filter((set) =>
        set.customerManaged.some(({ path, name }) => iamArn(after, 'policy', path, name) === policy.arn),
      )
      .map((set) => `permission set ${set.name}`),
  ].sort()
  return names.length === 0
    ? finding(
        'adopted-policy-free',
        `Nobody has the hand-made policy ${policy.name} any more. It is left as it is; to delete it: ${deletion(policy)}`,
      )
    : finding(
        'adopted-still-held',
        `The hand-made policy ${policy.name} stays with whom the file does not list: ${names.length <= 6 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`}.`,
      )
}

/** IAM deletes no policy that has other versions than its default one. */
function deletion({ arn, versions, defaultVersion }: ManagedPolicy): string {
  const policy = `--policy-arn ${arn}`
  return [
    ...versions
      .filter(({ id }) => id !== defaultVersion)
      .map(({ id }) => `aws iam delete-policy-version ${policy} --version-id ${id}`),
    `aws iam delete-policy ${policy}`,
  ].join(' && ')
}

function someOf(actions: readonly string[]): string {
  return actions.length <= 4
    ? actions.join(', ')
    : `${actions.slice(0, 3).join(', ')} and ${actions.length - 3} more`
}
