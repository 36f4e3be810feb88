import { findClosureGaps } from '../catalog/closure.ts'
import type { Grant } from '../grants/grants-file.ts'
import type { Persona } from '../personas/persona.ts'
import { type FindingCode, finding } from '../plan/findings.ts'
import type { Finding } from '../plan/plan.ts'
import type { AccessUnit } from './access-unit.ts'
import type { TargetPrincipal, TargetServer } from './target.ts'
import { isAllElsewhere } from './unit-statements.ts'

/** Something to say about a unit of access, whoever gets it. */
interface Remark {
  readonly code: FindingCode
  readonly about: (who: string) => string
}

type ExplainGrant = (
  grant: Grant,
  unit: AccessUnit,
  principals: readonly TargetPrincipal[],
) => readonly Finding[]

const day = 24 * 60 * 60 * 1000

/** What a reviewer should see about a grant. Remarks on a unit are worked out once, however many grants share it. */
export function grantExplainer(
  personas: ReadonlyMap<string, Persona>,
  passable: (on: readonly TargetServer[]) => readonly string[],
  isServiceRole: (arn: string) => boolean,
  now: Date,
): ExplainGrant {
  const known = new Map<AccessUnit, readonly Remark[]>()
  return (grant, unit, principals) => {
    const remarks = known.get(unit) ?? [...fileRemarks(grant, personas), ...unitRemarks(unit, passable, now)]
    known.set(unit, remarks)
    if (remarks.length === 0 && principals.every(isPlain) && !needsServiceRole(unit)) return []
    const who = principals.map((principal) => `${principal.kind} ${principal.name}`).join(', ')
    const about = principals.length === 1 && principals[0] ? { principal: principals[0].arn } : {}
    return [
      ...remarks.map((remark) => finding(remark.code, remark.about(who), about)),
      ...principals.flatMap((principal) => principalFindings(principal, unit, grant, isServiceRole)),
    ]
  }
}

/** What the grant says that changes nothing. */
function fileRemarks(grant: Grant, personas: ReadonlyMap<string, Persona>): readonly Remark[] {
  const held = new Set(grant.personas.flatMap((name) => personas.get(name)?.actions ?? []))
  const names = grant.personas.join(', ')
  const redundant = grant.add.filter((name) => held.has(name)).join(', ')
  const absent = grant.remove.filter((name) => !held.has(name)).join(', ')
  return [
    ...remark(redundant, 'already-in-persona', (who) => `${who}: ${redundant} is in ${names} already.`),
    ...remark(
      absent,
      'not-in-persona',
      (who) => `${who}: there is no ${absent} in ${names || 'the grant'} to remove.`,
    ),
    ...remark(
      grant.personas.includes('mlops-admin'),
      'admin-persona',
      (who) => `${who} may do everything on ${grant.on.join(', ')}, permanent deletes included.`,
    ),
  ]
}

function unitRemarks(
  unit: AccessUnit,
  passable: (on: readonly TargetServer[]) => readonly string[],
  now: Date,
): readonly Remark[] {
  const where = keysOf(unit.servers)
  const apps = keysOf(unit.servers.filter((server) => server.kind === 'app'))
  const compatible = keysOf(unit.servers.filter((server) => server.compatible))
  const blind = keysOf(unit.servers.filter((server) => server.artifacts.length === 0))
  const usesS3 = unit.s3.read || unit.s3.write || unit.s3.list
  const deletes = unit.added
    .filter((name) => /^Delete(Traces|RegisteredModel|ModelVersion|LoggedModel)$/u.test(name))
    .join(', ')
  const left = unit.until ? Date.parse(unit.until) - now.getTime() : Number.POSITIVE_INFINITY
  const lacksPassRole =
    unit.alsoNeeds.includes('iam:PassRole') && passable(unit.servers).length === 0 && !isAllElsewhere(unit)
  const there = keysOf(unit.servers.filter((server) => server.via))
  const operates = unit.alsoNeeds.some((name) =>
    /^sagemaker:(Create|Update|Delete|Start|Stop)Mlflow/u.test(name),
  )
  const operatesApps = unit.alsoNeeds.includes('sagemaker:CreateMlflowTrackingServer') && apps !== ''
  return [
    ...remark(
      unit.actions.length === 0 && unit.alsoNeeds.length === 0,
      'nothing-granted',
      (who) => `${who}: nothing is left of ${unit.purpose}.`,
    ),
    ...remark(
      unit.wildcard,
      'wildcard-actions',
      (who) => `${who} holds sagemaker-mlflow:* on ${where}: actions that AWS adds later come along.`,
    ),
    ...remark(
      apps && unit.actions.length > 0,
      'app-is-all-or-nothing',
      (who) =>
        `${who} may do everything on ${apps}: an App has one action, so ${unit.purpose} can delete there.`,
    ),
    ...remark(
      compatible && unit.actions.length > 0,
      'app-compatible-form',
      (who) =>
        `${who} also gets the tracking servers' actions on ${compatible}: AWS's pages contradict each other on whether Apps ask for them, and policy linters will flag them on an App's ARN.`,
    ),
    ...remark(
      operatesApps,
      'not-for-apps',
      (who) =>
        `${who} operates tracking servers only: ${unit.purpose} gives no right to create or change the App ${apps}.`,
    ),
    ...remark(
      operates && there,
      'operated-elsewhere',
      (who) =>
        `${who} gets no right to create, change or delete ${there}: the people of its own account operate it.`,
    ),
    ...remark(deletes, 'deletes-for-good', (who) => `${who} may delete for good on ${where}: ${deletes}.`),
    ...findClosureGaps(new Set(unit.actions)).map((gap): Remark => {
      const missing = gap.missing.join(', ')
      return {
        code: 'cannot-work',
        about: (who) =>
          `${who}: ${gap.action} without ${missing} cannot work; ${gap.functions.slice(0, 3).join(', ')} will fail. Add ${missing}.`,
      }
    }),
    ...remark(
      usesS3 && blind,
      'artifacts-unknown',
      (who) =>
        `${who} gets no S3 access for ${blind}: where its artifacts lie is not known. Name artifacts: s3://bucket/prefix.`,
    ),
    ...remark(
      lacksPassRole,
      'pass-role-unknown',
      (who) =>
        `${who} may not pass a role to SageMaker: no tracking server role is known. Name roles.tracking-server.`,
    ),
    ...remark(
      left > 0 && left < 14 * day,
      'grant-ends-soon',
      (who) => `${who}: ${unit.purpose} ends on ${unit.until}.`,
    ),
  ]
}

function principalFindings(
  principal: TargetPrincipal,
  unit: AccessUnit,
  grant: Grant,
  isServiceRole: (arn: string) => boolean,
): readonly Finding[] {
  const { name, people, kind, arn } = principal
  const about = { principal: arn }
  return [
    ...(needsServiceRole(unit) && !isServiceRole(arn)
      ? [
          finding(
            'role-does-not-trust-sagemaker',
            `access-aws-services-for-mlflow helps only a role that SageMaker may assume; ${kind} ${name} is none.`,
            about,
          ),
        ]
      : []),
    ...(kind === 'role' && people.length > 1
      ? [
          finding(
            'shared-principal',
            `Role ${name} is used by ${people.length} SageMaker profiles, all of whom get ${unit.purpose}: ${someOf(people)}. ${wayOut(people, grant)}`,
            about,
          ),
        ]
      : []),
  ]
}

/** Everyone gets it by what the role is, so the way out is a role of one's own: for whom the grant names, where it does. */
function wayOut(people: readonly string[], { to }: Grant): string {
  const named = to.flatMap((ref) => (ref.kind === 'profile' ? `${ref.domain}/${ref.name}` : []))
  const meant = named.find((profile) => people.includes(profile))
  const split = `split: { profile/${meant ?? people[0]}: {} }`
  return meant
    ? `To give it to ${meant} alone, give that profile a role of its own: ${split}.`
    : `To give one of them access of its own, write ${split} and grant to that profile.`
}

function remark(applies: unknown, code: FindingCode, about: (who: string) => string): readonly Remark[] {
  return applies ? [{ code, about }] : []
}

function isPlain(principal: TargetPrincipal): boolean {
  return principal.people.length <= 1
}

function needsServiceRole(unit: AccessUnit): boolean {
  return unit.personas.includes('access-aws-services-for-mlflow')
}

function keysOf(servers: readonly TargetServer[]): string {
  return servers
    .map((server) => server.key)
    .sort()
    .join(', ')
}

function someOf(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`
}
