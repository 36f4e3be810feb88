import { findClosureGaps } from '../catalog/closure.ts'
import type { Grant } from '../grants/grants-file.ts'
import type { Persona } from '../personas/persona.ts'
import { finding } from '../plan/findings.ts'
import type { Finding } from '../plan/plan.ts'
import type { AccessUnit } from './access-unit.ts'
import type { TargetPrincipal } from './target.ts'

const day = 24 * 60 * 60 * 1000

/** What a reviewer should see about one grant, whoever it is for. */
export function grantFindings(
  grant: Grant,
  unit: AccessUnit,
  personas: ReadonlyMap<string, Persona>,
  principals: readonly TargetPrincipal[],
  passable: readonly string[],
  isServiceRole: (arn: string) => boolean,
  now: Date,
): readonly Finding[] {
  const who = principals.map((principal) => `${principal.kind} ${principal.name}`).join(', ')
  const about = principals.length === 1 && principals[0] ? { principal: principals[0].arn } : {}
  const say = (code: Parameters<typeof finding>[0], message: string): Finding => finding(code, message, about)
  const held = new Set(grant.personas.flatMap((name) => personas.get(name)?.actions ?? []))
  const apps = unit.servers.filter((server) => server.kind === 'app')
  const blind = unit.servers.filter((server) => server.artifacts.length === 0).map((server) => server.key)
  const findings: Finding[] = []

  const redundant = grant.add.filter((name) => held.has(name))
  if (redundant.length > 0)
    findings.push(
      say(
        'already-in-persona',
        `${who}: ${redundant.join(', ')} is in ${grant.personas.join(', ')} already.`,
      ),
    )
  const absent = grant.remove.filter((name) => !held.has(name))
  if (absent.length > 0)
    findings.push(
      say(
        'not-in-persona',
        `${who}: there is no ${absent.join(', ')} in ${grant.personas.join(', ') || 'the grant'} to remove.`,
      ),
    )
  if (unit.actions.length === 0 && unit.alsoNeeds.length === 0)
    findings.push(say('nothing-granted', `${who}: nothing is left of ${unit.purpose}.`))
  if (grant.personas.includes('mlops-admin'))
    findings.push(
      say('admin-persona', `${who} may do everything on ${serverNames(unit)}, permanent deletes included.`),
    )
  if (unit.wildcard)
    findings.push(
      say(
        'wildcard-actions',
        `${who} holds sagemaker-mlflow:* on ${serverNames(unit)}: actions that AWS adds later come along.`,
      ),
    )
  if (apps.length > 0 && unit.actions.length > 0) {
    findings.push(
      say(
        'app-is-all-or-nothing',
        `${who} may do everything on ${apps.map((app) => app.key).join(', ')}: an App has one action, so ${unit.purpose} can delete there.`,
      ),
    )
  }
  const deletes = grant.add.filter((name) =>
    /^Delete(Traces|RegisteredModel|ModelVersion|LoggedModel)$/u.test(name),
  )
  if (deletes.length > 0)
    findings.push(
      say('deletes-for-good', `${who} may delete for good on ${serverNames(unit)}: ${deletes.join(', ')}.`),
    )
  for (const gap of findClosureGaps(new Set(unit.actions))) {
    findings.push(
      say(
        'cannot-work',
        `${who}: ${gap.action} without ${gap.missing.join(', ')} cannot work; ${gap.functions.slice(0, 3).join(', ')} will fail. Add ${gap.missing.join(', ')}.`,
      ),
    )
  }
  if ((unit.s3.read || unit.s3.write || unit.s3.list) && blind.length > 0) {
    findings.push(
      say(
        'artifacts-unknown',
        `${who} gets no S3 access for ${blind.join(', ')}: where its artifacts lie is not known. Name artifacts: s3://bucket/prefix.`,
      ),
    )
  }
  if (unit.alsoNeeds.includes('iam:PassRole') && passable.length === 0) {
    findings.push(
      say(
        'pass-role-unknown',
        `${who} may not pass a role to SageMaker: no tracking server role is known. Name roles.tracking-server.`,
      ),
    )
  }
  if (grant.personas.includes('access-aws-services-for-mlflow')) {
    const others = principals.filter((principal) => !isServiceRole(principal.arn))
    if (others.length > 0)
      findings.push(
        say(
          'role-does-not-trust-sagemaker',
          `access-aws-services-for-mlflow helps only a role that SageMaker may assume; ${others.map((item) => item.name).join(', ')} is none.`,
        ),
      )
  }
  if (unit.until) {
    const left = Date.parse(unit.until) - now.getTime()
    if (left > 0 && left < 14 * day)
      findings.push(say('grant-ends-soon', `${who}: ${unit.purpose} ends on ${unit.until}.`))
  }
  for (const principal of principals) {
    if (principal.kind === 'role' && principal.people.length > 1) {
      findings.push(
        finding(
          'shared-principal',
          `Role ${principal.name} is used by ${principal.people.length} SageMaker profiles, all of whom get ${unit.purpose}: ${someOf(principal.people)}.`,
          { principal: principal.arn },
        ),
      )
    }
    if (principal.kind === 'permission-set' && principal.people.length > 1) {
      findings.push(
        finding(
          'several-accounts',
          `Permission set ${principal.name} reaches ${principal.people.length} accounts, and the policy must exist in each: ${principal.people.join(', ')}.`,
          { principal: principal.arn },
        ),
      )
    }
  }
  return findings
}

function serverNames(unit: AccessUnit): string {
  return unit.servers
    .map((server) => server.key)
    .sort()
    .join(', ')
}

function someOf(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`
}
