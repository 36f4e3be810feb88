import type { Plan } from '../../plan/plan.ts'

/** A template parameter; each has a default, so that the plan's own account needs no values at all. */
export interface Parameter {
  readonly Type: 'String'
  readonly Default: string
  readonly Description: string
  readonly AllowedPattern?: string
}

/** A literal, or text in which CloudFormation fills in parameters. */
export type Text = string | { readonly 'Fn::Sub': string }

export interface Parameters {
  /** A document with its account, partition, regions, servers, buckets, keys and roles as parameters. */
  substitute(value: unknown): unknown
  /** The list parameter of a policy's users, groups or roles; its name. */
  list(name: string, names: readonly string[], description: string): string
  /** The parameter that names a service role of the template. */
  roleName(name: string): string
  readonly all: ReadonlyMap<string, Parameter>
}

const namesPattern = '[A-Za-z0-9_+=,.@-]*'
const roleNamePattern = '[A-Za-z0-9_+=,.@-]{1,64}'
const serverName = '[A-Za-z0-9](-*[A-Za-z0-9]){0,255}'

/** Collects the parameters that a template uses, and only those. */
export function collectParameters(plan: Plan): Parameters {
  const all = new Map<string, Parameter>()
  const regions = new Set(plan.target.servers.map(({ region }) => region))

  function text(wanted: string, value: string, Description: string, pattern: string): string {
    const name = freeName(all, wanted, value)
    all.set(name, { Type: 'String', Default: value, Description, AllowedPattern: pattern })
    return name
  }

  function region(value: string): string {
    if (!regions.has(value)) return literal(value)
    const name = regions.size === 1 ? 'ServerRegion' : `ServerRegion${word(value)}`
    const description = 'Region of the tracking servers. IAM itself has no regions.'
    return `\${${text(name, value, description, '[a-z]{2}(-[a-z]+)+-[0-9]')}}`
  }

  /** The part of an ARN that names the thing, its account-specific names as parameters. */
  function resource(service: string, value: string): string {
    const [kind = '', ...rest] = value.split('/')
    const name = rest.join('/')
    if (service === 's3') {
      if (!/^[a-z0-9][a-z0-9.-]{2,62}$/.test(kind)) return literal(value)
      const bucket = text(
        `Bucket${word(kind)}`,
        kind,
        `S3 bucket of MLflow artifacts.`,
        '[a-z0-9][a-z0-9.-]{2,62}',
      )
      return `\${${bucket}}${rest.length === 0 ? '' : literal(`/${name}`)}`
    }
    if (service === 'sagemaker' && kind === 'mlflow-tracking-server' && /^[A-Za-z0-9-]+$/.test(name)) {
      return `${kind}/\${${text(`Server${word(name)}`, name, 'Name of an MLflow tracking server.', serverName)}}`
    }
    if (service === 'sagemaker' && kind === 'mlflow-app' && /^[A-Za-z0-9-]+$/.test(name)) {
      return `${kind}/\${${text(`App${word(name)}`, name, 'Id of an MLflow App.', '[A-Za-z0-9-]+')}}`
    }
    if (service === 'kms' && kind === 'key' && /^[A-Za-z0-9-]+$/.test(name)) {
      return `${kind}/\${${text(`Key${word(name).slice(0, 9)}`, name, 'Id of the KMS key of the artifacts.', '[A-Za-z0-9-]+')}}`
    }
    return service === 'iam' && kind === 'role' ? role(value) : literal(value)
  }

  function role(value: string): string {
    const made = plan.target.roles.find(({ arn, existing }) => !existing && arn.endsWith(`:${value}`))
    if (made === undefined) return literal(value)
    return `${literal(`role${made.path}`)}\${${roleName(made.name)}}`
  }

  function roleName(name: string): string {
    return text(`Role${word(name)}`, name, 'Name of a service role.', roleNamePattern)
  }

  function substituteText(value: string): Text {
    if (value === plan.account) return { 'Fn::Sub': pseudo('AccountId') }
    const arn = /^arn:([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s.exec(value)
    if (arn === null) return value
    const [, partition = '', service = '', place = '', account = '', rest = ''] = arn
    const filled = [
      'arn',
      partition === plan.partition ? pseudo('Partition') : literal(partition),
      literal(service),
      region(place),
      account === plan.account ? pseudo('AccountId') : literal(account),
      account === plan.account || account === '' ? resource(service, rest) : literal(rest),
    ].join(':')
    return /\$\{(?!!)/.test(filled) ? { 'Fn::Sub': filled } : value
  }

  function substitute(value: unknown): unknown {
    if (typeof value === 'string') return substituteText(value)
    if (Array.isArray(value)) return value.map(substitute)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, substitute(member)]))
  }

  return {
    all,
    substitute,
    roleName,
    list(name, names, Description) {
      all.set(name, { Type: 'String', Default: names.join(','), Description, AllowedPattern: namesPattern })
      return name
    },
  }
}

/** A value that CloudFormation knows by itself. */
function pseudo(name: string): string {
  return `\${AWS::${name}}`
}

/** In `Fn::Sub`, `${!x}` stands for a literal `${x}`. */
function literal(text: string): string {
  return text.replaceAll('${', '${!')
}

/** Letters and digits alone, each part with a capital: `ml-dev` -> `MlDev`. */
export function word(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
    .slice(0, 80)
}

/** Two values never share a parameter: a second one of the same name gets a number. */
function freeName(all: ReadonlyMap<string, Parameter>, wanted: string, value: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}${number}`
    const taken = all.get(name)
    if (taken === undefined || taken.Default === value) return name
  }
}
