import type { GrantConditions } from '../grants/grants-file.ts'
import type { Persona } from '../personas/persona.ts'
import type { ConditionBlock, PolicyDocument } from '../policy/document.ts'
import { canonicalJson } from '../policy/hash.ts'
import { type DraftServers, scopesOf } from './draft-servers.ts'

/** What a policy of ours says, before it is known which grant says that. */
export interface PolicyReading {
  /** Bare MLflow actions on tracking servers. */
  readonly actions: ReadonlySet<string>
  /** Keys of the file's servers, sorted. */
  readonly on: readonly string[]
  readonly until?: string
  readonly when?: GrantConditions
  /** The policy names its servers, and not what MLflow lets its holders do there: Apps, servers of other accounts. */
  readonly silent?: true
  /** Some of its servers are of other accounts, which decide what its holders may do there. */
  readonly elsewhere?: true
}

/** Reads a policy's statements; undefined where one names a server that the file does not. */
export function readOwnedPolicy(
  document: PolicyDocument,
  servers: DraftServers,
  personas: readonly Persona[],
): PolicyReading | undefined {
  const statements = [document.Statement].flat()
  const actions = new Set<string>()
  const on = new Set<string>()
  let silent = true
  let elsewhere = false
  for (const statement of statements) {
    for (const action of [statement.Action ?? []].flat()) {
      const [service, name = ''] = action.split(':')
      if (service === 'sagemaker-mlflow' && name !== '*') actions.add(name)
      else if (service === 'sagemaker-mlflow')
        for (const bare of personas.find((one) => one.wildcard)?.actions ?? []) actions.add(bare)
    }
    for (const scope of scopesOf(statement)) {
      const key = servers.keyOf(scope)
      if (key === undefined) return undefined
      on.add(key)
      elsewhere ||= scope.via !== undefined
      silent &&= scope.via !== undefined || (scope.resource.includes(':mlflow-app/') && !scope.compatible)
    }
  }
  const { until, when } = readConditions(statements[0]?.Condition ?? {})
  return {
    ...{ actions, on: [...on].sort() },
    ...(until ? { until } : {}),
    ...(when ? { when } : {}),
    ...(silent && on.size > 0 ? { silent } : {}),
    ...(elsewhere ? { elsewhere } : {}),
  }
}

/** The `until` and `when` of a statement: they stand on every one, beside what belongs to a statement alone. */
export function readConditions(block: ConditionBlock): { until?: string; when?: GrantConditions } {
  const until = text(block.DateLessThan?.['aws:CurrentTime'])
  const when: GrantConditions = {
    ...(text(block.Bool?.['aws:MultiFactorAuthPresent']) === 'true' ? { mfa: true } : {}),
    ip: list(block.IpAddress?.['aws:SourceIp']),
    vpce: list(block.StringEquals?.['aws:SourceVpce']),
    vpc: list(block.StringEquals?.['aws:SourceVpc']),
    sessionTags: Object.fromEntries(
      Object.entries(block.StringEquals ?? {})
        .filter(([key]) => key.startsWith('aws:PrincipalTag/'))
        .map(([key, value]) => [key.slice('aws:PrincipalTag/'.length), text(value) ?? '']),
    ),
  }
  const plain = canonicalJson(when) === canonicalJson({ ip: [], vpce: [], vpc: [], sessionTags: {} })
  return { ...(until ? { until } : {}), ...(plain ? {} : { when }) }
}

function text(value: string | readonly string[] | undefined): string | undefined {
  return value === undefined ? undefined : [value].flat()[0]
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : [value].flat()
}
