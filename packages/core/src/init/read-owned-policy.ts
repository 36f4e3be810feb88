import type { Grant, GrantConditions } from '../grants/grants-file.ts'
import { nearestPersona } from '../personas/nearest-persona.ts'
import type { Persona } from '../personas/persona.ts'
import { parseArn } from '../policy/arn.ts'
import type { ConditionBlock, PolicyDocument, Statement } from '../policy/document.ts'
import { canonicalJson } from '../policy/hash.ts'

/** A grant as an owned policy tells it, without whom it is for. */
export type PolicyGrant = Omit<Grant, 'index' | 'to'>

/**
 * Reads a policy of ours back as the grant that it was made from: actions as the nearest persona with exceptions,
 * servers as keys of the file, conditions as `until` and `when`. Undefined for what is not of that shape.
 */
export function readOwnedPolicy(
  document: PolicyDocument,
  serverKeys: ReadonlyMap<string, string>,
  personas: readonly Persona[],
): PolicyGrant | undefined {
  const statements = [document.Statement].flat()
  const conditions = sharedConditions(statements)
  if (conditions === undefined) return undefined
  const actions = new Set<string>()
  const servers = new Set<string>()
  for (const statement of statements) {
    for (const action of [statement.Action ?? []].flat()) {
      const [service, name = ''] = action.split(':')
      if (service === 'sagemaker-mlflow' && name !== '*') actions.add(name)
      else if (service === 'sagemaker-mlflow')
        for (const bare of personas.find((one) => one.wildcard)?.actions ?? []) actions.add(bare)
    }
    for (const resource of [statement.Resource ?? []].flat()) {
      if (!/^mlflow-(tracking-server|app)\//u.test(parseArn(resource)?.resource ?? '')) continue
      const key = serverKeys.get(resource)
      if (key === undefined) return undefined
      servers.add(key)
    }
  }
  const shape = nearestPersona(actions, personas)
  return {
    personas: shape ? [shape.persona.name] : [],
    on: [...servers].sort(),
    add: shape ? shape.add : [...actions].sort(),
    remove: shape ? shape.remove : [],
    ...conditions,
  }
}

/** The `until` and `when` that stand on every statement; undefined where conditions cannot be told apart. */
function sharedConditions(
  statements: readonly Statement[],
): { until?: string; when?: GrantConditions } | undefined {
  const plain = statements.find((statement) => !statement.Condition)
  if (plain) return {}
  const block: ConditionBlock =
    statements.find((statement) => statement.Sid === 'MlflowActions')?.Condition ?? {}
  const tagged = Object.keys(block.StringEquals ?? {}).some((key) => key.startsWith('aws:ResourceTag/'))
  if (tagged) return undefined
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
  const plainWhen = canonicalJson(when) === canonicalJson({ ip: [], vpce: [], vpc: [], sessionTags: {} })
  return { ...(until ? { until } : {}), ...(plainWhen ? {} : { when }) }
}

function text(value: string | readonly string[] | undefined): string | undefined {
  return value === undefined ? undefined : [value].flat()[0]
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : [value].flat()
}
