import type { GrantsFile } from '../grants/grants-file.ts'
import { finding } from '../plan/findings.ts'
import type { Finding } from '../plan/plan.ts'
import { type Home, iamArn } from '../policy/arn.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { canonicalJson, hexHash } from '../policy/hash.ts'
import { attachmentLimits, policyLimits, policySize } from '../policy/measure.ts'
import { type StatementDraft, writeDocument } from '../policy/statement-draft.ts'
import { Problem } from '../problem.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { AccessUnit } from './access-unit.ts'
import type { AccountIndex } from './account-index.ts'
import type { AppliedGrant } from './compile-target.ts'
import { mergeStatements, splitStatements } from './fit-policies.ts'
import { mergedIdentity, mergedName } from './merged-name.ts'
import { ownedPath, ownedPrefix, ownerTags } from './owned.ts'
import { isInline, placeInline } from './place-inline.ts'
import type { ServiceRole } from './service-roles.ts'
import type { ProfileSplit } from './split-copy.ts'
import type { TargetAttachment, TargetInline, TargetPolicy, TargetPrincipal, TargetServer } from './target.ts'
import { unitStatements } from './unit-statements.ts'

interface Placing {
  readonly file: GrantsFile
  readonly home: Home
  readonly account: AccountIndex
  readonly snapshot: Snapshot
  readonly roles: readonly ServiceRole[]
  readonly splits: readonly ProfileSplit[]
  /** ARNs of policies from elsewhere that the plan detaches: they take no room in the end. */
  readonly adopted: ReadonlySet<string>
  readonly applied: readonly AppliedGrant[]
  readonly passable: (on: readonly TargetServer[]) => readonly string[]
}

interface Placed {
  readonly policies: readonly TargetPolicy[]
  readonly attachments: readonly TargetAttachment[]
  readonly inline: readonly TargetInline[]
  readonly findings: readonly Finding[]
}

/**
 * Decides which policies exist and who has them: one for each distinct unit, shared; split where IAM's size limit
 * asks for it; merged for a principal that would have more attached than its quota allows.
 */
export function placePolicies(placing: Placing): Placed {
  const { file, roles, applied } = placing
  const write = policyWriter(placing.home, file.name)
  const policies = new Map<string, TargetPolicy>()
  const attachments: TargetAttachment[] = []
  const inline: TargetInline[] = []
  const findings: Finding[] = []
  const attach = (principal: string, list: readonly TargetPolicy[]): void => {
    for (const policy of list) {
      policies.set(policy.arn, policy)
      attachments.push({ principal, policy: policy.arn })
    }
  }

  const held = new Map<string, number>()
  for (const service of roles) {
    const list = servicePolicies(service, file, write)
    attach(service.role.arn, list)
    held.set(service.role.arn, (held.get(service.role.arn) ?? 0) + list.length)
  }

  for (const { role, copied, carried } of placing.splits) {
    attach(role.arn, carried)
    for (const policy of copied) attachments.push({ principal: role.arn, policy })
    const there = new Set(placing.account.byArn(role.arn)?.attached)
    // What is attached from elsewhere already is counted where the budget is.
    const fresh = copied.filter((policy) => !there.has(policy)).length
    held.set(role.arn, (held.get(role.arn) ?? 0) + carried.length + fresh)
  }

  const unitPolicies = new Map<string, readonly TargetPolicy[]>()
  const statementsOf = memo((unit: AccessUnit) =>
    unitStatements(placing.home, unit, placing.passable(unit.servers)),
  )
  const policiesOf = (unit: AccessUnit): readonly TargetPolicy[] => {
    const known = unitPolicies.get(unit.key)
    if (known) return known
    const parts = splitStatements(statementsOf(unit))
    const list = parts.map((part, index) =>
      write(unitPolicyName(unit, index), part, unit.purpose, unit.personas.join(' ') || 'custom'),
    )
    if (unit.policyName && list.length > 1)
      throw tooLarge(unit.policyName, `${unit.purpose} needs ${list.length} policies`)
    unitPolicies.set(unit.key, list)
    return list
  }

  for (const [principal, units] of unitsByPrincipal(applied)) {
    if (isInline(file, principal)) {
      inline.push(...placeInline(file, placing.snapshot, principal, units, statementsOf))
      continue
    }
    const fixed = units.filter((unit) => unit.policyName)
    const free = units.filter((unit) => !unit.policyName)
    const budget = attachmentBudget(placing, principal) - (held.get(principal.arn) ?? 0)
    const all = [...fixed, ...free].flatMap(policiesOf)
    if (all.length <= budget) {
      attach(principal.arn, all)
      continue
    }
    const kept = fixed.flatMap(policiesOf)
    // In an order of their own, so that the documents do not hang on that of the file.
    const ordered = [...free].sort((a, b) => compare(a.key, b.key))
    const parts = mergeStatements(ordered.map(statementsOf))
    if (kept.length + parts.length > budget)
      throw tooMany(placing, principal, kept.length + parts.length, budget)
    const personas = [...new Set(free.flatMap((unit) => unit.personas))].sort().join(' ') || 'custom'
    const identity = mergedIdentity(
      file.name,
      principal.arn,
      free.map((unit) => unit.key),
    )
    const merged = parts.map((part, index) =>
      write(
        mergedName(index + 1, identity),
        part,
        `everything ${principal.name} is granted, part ${index + 1} of ${parts.length}`,
        personas,
      ),
    )
    findings.push(
      finding(
        'policies-merged',
        `${principal.name} would have ${all.length} policies attached and may have ${budget}: they are merged into ${parts.length}.`,
        { principal: principal.arn },
      ),
    )
    attach(principal.arn, [...kept, ...merged])
  }

  return {
    policies: [...policies.values()].sort((a, b) => compare(a.arn, b.arn)),
    attachments: unique(attachments).sort(
      (a, b) => compare(a.principal, b.principal) || compare(a.policy, b.policy),
    ),
    inline: inline.sort((a, b) => compare(a.principal, b.principal)),
    findings,
  }
}

type WritePolicy = (
  name: string,
  content: readonly StatementDraft[] | PolicyDocument,
  purpose: string,
  persona: string,
) => TargetPolicy

function policyWriter(home: Home, fileName: string): WritePolicy {
  const path = ownedPath(fileName)
  return (name, content, purpose, persona) => {
    const document = 'Statement' in content ? content : writeDocument(content)
    if (policySize(document) > policyLimits.managed) throw tooLarge(name, purpose)
    return {
      arn: iamArn(home, 'policy', path, name),
      name,
      path,
      document,
      description: `MLflow access from grants file ${fileName}`,
      tags: ownerTags(fileName, tagValue(persona)),
      purpose,
    }
  }
}

function servicePolicies(
  service: ServiceRole,
  file: GrantsFile,
  write: WritePolicy,
): readonly TargetPolicy[] {
  const { purpose, name } = service.role
  const policyName = (index: number): string =>
    `mlflow-iam-${purpose}-${hexHash(canonicalJson([file.name, purpose, name, ...(index > 0 ? [index] : [])]), 8)}`
  const text = `permissions of role ${name}`
  if (service.policy) return [write(policyName(0), service.policy, text, purpose)]
  const parts = splitStatements(service.statements ?? [])
  return parts.map((part, index) => write(policyName(index), part, text, purpose))
}

function unitPolicyName(unit: AccessUnit, part: number): string {
  if (unit.policyName) return unit.policyName
  return `mlflow-iam-${unit.word}-${part === 0 ? unit.hash : hexHash(`${unit.key} part ${part + 1}`, 8)}`
}

function unitsByPrincipal(
  applied: readonly AppliedGrant[],
): ReadonlyMap<TargetPrincipal, readonly AccessUnit[]> {
  const byArn = new Map<string, { principal: TargetPrincipal; units: Map<string, AccessUnit> }>()
  for (const { unit, principals } of applied) {
    for (const principal of principals) {
      const entry = byArn.get(principal.arn) ?? { principal, units: new Map<string, AccessUnit>() }
      if (unit.actions.length > 0 || unit.alsoNeeds.length > 0) entry.units.set(unit.key, unit)
      byArn.set(principal.arn, entry)
    }
  }
  return new Map([...byArn.values()].map(({ principal, units }) => [principal, [...units.values()]]))
}

/** How many owned policies may be attached: the quota less what is there from elsewhere. */
function attachmentBudget(
  { snapshot, account, file, home, adopted }: Placing,
  principal: TargetPrincipal,
): number {
  const quotas = snapshot.quotas ?? {}
  const quota = {
    user: quotas.attachedPerUser ?? attachmentLimits.user,
    group: quotas.attachedPerGroup ?? attachmentLimits.group,
    role: quotas.attachedPerRole ?? attachmentLimits.role,
    'permission-set': quotas.attachedPerRole ?? attachmentLimits.role,
  }[principal.kind]
  const prefix = ownedPrefix(home, file.name)
  const isForeign = (arn: string): boolean => !arn.startsWith(prefix) && !adopted.has(arn)
  if (principal.kind === 'permission-set') {
    const set = snapshot.permissionSets.find((candidate) => candidate.arn === principal.arn)
    const named = set?.customerManaged.map(({ path, name }) => iamArn(home, 'policy', path, name)) ?? []
    return quota - named.filter(isForeign).length - (set?.managedPolicies.length ?? 0)
  }
  return quota - (account.byArn(principal.arn)?.attached.filter(isForeign).length ?? 0)
}

function tooLarge(name: string, purpose: string): Problem {
  return new Problem(
    'POLICY_TOO_LARGE',
    `The policy ${name} does not fit IAM's limit of ${policyLimits.managed} characters.`,
    {
      why: `It holds ${purpose}, and cannot be split further.`,
      fix: ['Leave policy-name out so that it can be split, or grant on fewer servers at a time.'],
      exit: 3,
    },
  )
}

function tooMany({ account }: Placing, principal: TargetPrincipal, needed: number, budget: number): Problem {
  // A role that a split is to make has nothing yet that could be detached.
  const isThere = principal.kind === 'permission-set' || account.byArn(principal.arn) !== undefined
  const source = isThere ? principal.name : 'the role that it copies'
  return new Problem(
    'TOO_MANY_POLICIES',
    `${principal.kind} ${principal.name} would need ${needed} ${needed === 1 ? 'policy' : 'policies'} and has room for ${budget}.`,
    {
      why: 'IAM limits the managed policies attached to one principal; those from elsewhere count too.',
      fix: [`Detach policies from ${source}, grant on fewer servers, or ask AWS for a higher quota.`],
      exit: 3,
    },
  )
}

/** IAM tag values take letters, digits, spaces and `_.:/=+-@`, up to 256. */
function tagValue(text: string): string {
  return text.replace(/[^\p{L}\p{N} _.:/=+\-@]/gu, '-').slice(0, 256)
}

function memo<K extends { readonly key: string }, V>(make: (key: K) => V): (key: K) => V {
  const known = new Map<string, V>()
  return (item) => {
    const value = known.get(item.key) ?? make(item)
    known.set(item.key, value)
    return value
  }
}

function unique(attachments: readonly TargetAttachment[]): TargetAttachment[] {
  return [...new Map(attachments.map((item) => [`${item.principal} ${item.policy}`, item])).values()]
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
