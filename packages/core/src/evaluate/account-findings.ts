import { finding, sortFindings } from '../plan/findings.ts'
import type { Finding } from '../plan/plan.ts'
import { arnName } from '../policy/arn.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { type Account, accountOf, type HeldPolicy, type Holder } from './account.ts'
import { namesOf } from './action-bits.ts'
import { decide } from './decide.ts'
import { Evaluator } from './evaluator.ts'
import { principalFindings } from './principal-findings.ts'
import { profilesByRole } from './profiles-by-role.ts'
import { coversEverything, nameSome, policyWords, statementFindings } from './statement-findings.ts'

export interface AccountFindingOptions {
  readonly now: Date
  /** Name of the grants file whose policies are ours; without it every policy of this tool is. */
  readonly name?: string
  /** ARNs; every user, group and role where absent. */
  readonly principals?: readonly string[]
}

/**
 * What a reviewer of this account should see, whoever made it: wide access, access that cannot work, roles that
 * many share, ways to widen one's own access, and policies that could not be judged. High first.
 */
export function findAccountFindings(snapshot: Snapshot, options: AccountFindingOptions): readonly Finding[] {
  const account = accountOf(snapshot)
  const holders = (options.principals ?? account.holders).flatMap((arn) => account.find(arn) ?? [])
  return sortFindings([
    ...sharedRoles(snapshot, holders),
    ...policyFindings(holders, options.now),
    ...holders.flatMap((holder) => principalFindings(account, holder, options.now)),
    ...doubleAccess(account, holders, options),
    ...promotingAliases(snapshot, options.now),
  ])
}

function sharedRoles(snapshot: Snapshot, holders: readonly Holder[]): readonly Finding[] {
  const people = profilesByRole(snapshot)
  return holders.flatMap((holder) => {
    const names = (people.get(holder.arn) ?? []).map((profile) => profile.name)
    if (names.length < 2) return []
    const message = `Role ${holder.name} is shared by ${names.length} SageMaker profiles (${nameSome(names)}): what one of them gets, all get. A grants file gives one of them a role of its own with split.`
    return [finding('shared-principal', message, { principal: holder.arn })]
  })
}

/** Each document is looked at once, and named with whom it reaches. */
function policyFindings(holders: readonly Holder[], now: Date): readonly Finding[] {
  const reach = new Map<string, { held: HeldPolicy; names: string[]; limitsOnly: boolean }>()
  const see = (held: HeldPolicy, name: string, limits: boolean) => {
    const known = reach.get(held.label)
    if (!known) reach.set(held.label, { held, names: [name], limitsOnly: limits })
    else {
      if (!known.names.includes(name)) known.names.push(name)
      known.limitsOnly &&= limits
    }
  }
  for (const holder of holders) {
    for (const held of holder.policies) see(held, holder.name, false)
    const { boundary } = holder
    if (boundary?.policy) see({ label: boundary.arn, policy: boundary.policy }, holder.name, true)
  }
  return [...reach.values()].flatMap(({ held, names, limitsOnly }) =>
    findingsOf(held, names, limitsOnly, now),
  )
}

function findingsOf(
  { label, policy }: HeldPolicy,
  names: readonly string[],
  limitsOnly: boolean,
  now: Date,
): readonly Finding[] {
  const words = `${policyWords(label)} (${nameSome(names)})`
  const found = policy.flaws.map((flaw) =>
    finding('malformed-policy', `In ${words} something counts for nothing here: ${flaw}.`),
  )
  for (const statement of policy.statements) {
    // What a boundary allows gives nothing to anybody.
    if (limitsOnly && statement.effect === 'Allow') continue
    found.push(...statementFindings({ statement, subject: `Statement ${statement.name} of ${words}`, now }))
  }
  const opensApps = policy.statements.some(
    (statement) =>
      statement.effect === 'Allow' &&
      statement.actions.values.some((value) => /^sagemaker:\*$/i.test(value)) &&
      !statement.actions.negated &&
      (coversEverything(statement) || statement.resources.negated),
  )
  if (!limitsOnly && (opensApps || arnName(label) === 'AmazonSageMakerFullAccess')) {
    const message = `${capital(words)} allows sagemaker:*, which opens every MLflow App to everything, deletes included, and no tracking server.`
    found.push(finding('full-access-opens-apps', message))
  }
  return found
}

/** Access that our policies give and a foreign one gives too: it outlives a removal of ours. */
function doubleAccess(
  account: Account,
  holders: readonly Holder[],
  options: AccountFindingOptions,
): readonly Finding[] {
  const servers = [...account.snapshot.servers, ...account.snapshot.apps].map((server) => server.arn)
  const evaluator = new Evaluator(account, servers, options)
  return holders.flatMap((holder) => {
    const policies = new Set<string>()
    const actions = new Set<string>()
    for (const answer of evaluator.answersFor(holder)) {
      const own = new Set(namesOf(answer.ownBits))
      for (const { policy, actions: given } of own.size > 0 ? answer.elsewhere : []) {
        const shared = given.filter((action) => own.has(action))
        if (shared.length > 0) policies.add(policy)
        for (const action of shared) actions.add(action)
      }
    }
    if (actions.size === 0) return []
    const sources = nameSome([...policies].map(policyWords))
    const message = `${holder.name} has ${actions.size} MLflow ${actions.size === 1 ? 'action' : 'actions'} (${nameSome([...actions].sort())}) from ${sources} too: removing them here does not take them away.`
    return [finding('access-stays-elsewhere', message, { principal: holder.arn })]
  })
}

/**
 * An alias `sagemakerlifecycle-<stage>-<status>` makes the server's own role update the model package, so
 * whoever may set aliases may promote (AWS guide, "Automatically register SageMaker AI models").
 */
function promotingAliases(snapshot: Snapshot, now: Date): readonly Finding[] {
  return snapshot.servers.flatMap((server) => {
    if (server.role === undefined) return []
    const resource = `arn:${snapshot.partition}:sagemaker:${server.region}:${snapshot.account}:model-package/any/1`
    const updates = decide(snapshot, {
      principal: server.role,
      action: 'sagemaker:UpdateModelPackage',
      resource,
      now,
    })
    if (updates.outcome !== 'allowed') return []
    const message = `On ${server.name}, whoever may set aliases may promote models in the SageMaker registry: an alias sagemakerlifecycle-… makes the server's role ${arnName(server.role)} update the model package.`
    return [finding('alias-promotes-model', message, { server: server.arn })]
  })
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
