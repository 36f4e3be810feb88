import { shown } from '../wire/rules.ts'
import { malformedPolicy } from './refusals.ts'
import { checkResource } from './resource-grammar.ts'

export type Json = Readonly<Record<string, unknown>>

const statementMembers = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
])

/** Refuses an identity policy that IAM would refuse (IAM User Guide, reference_policies_grammar). */
export function checkIdentityPolicy(document: string): void {
  for (const statement of readStatements(document)) {
    if ('Principal' in statement || 'NotPrincipal' in statement) {
      throw malformedPolicy('Policy document should not specify a principal.')
    }
    checkActions(statement)
    const resources = exactlyOne(statement, 'Resource', 'NotResource')
    for (const resource of texts(resources)) checkResource(resource)
    checkCondition(statement.Condition)
  }
}

/** The statements of a document whose outer shape holds: JSON, version, effects, Sids. */
export function readStatements(
  document: string,
  oldVersion: 'refused' | 'accepted' = 'refused',
): readonly Json[] {
  const policy = parse(document)
  for (const member of Object.keys(policy)) {
    if (member !== 'Version' && member !== 'Id' && member !== 'Statement') throw syntaxError()
  }
  if (policy.Version !== undefined && policy.Version !== '2012-10-17' && policy.Version !== '2008-10-17') {
    throw syntaxError()
  }
  if (policy.Version !== '2012-10-17' && oldVersion === 'refused') {
    throw malformedPolicy('Policy document must be version 2012-10-17 or greater.')
  }
  if (policy.Id !== undefined && typeof policy.Id !== 'string') throw syntaxError()
  const statements = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement]
  if (policy.Statement === undefined || statements.length === 0) throw syntaxError()
  const sids = new Set<string>()
  return statements.map((statement) => checkStatement(statement, sids))
}

function checkStatement(statement: unknown, sids: Set<string>): Json {
  if (!isObject(statement)) throw syntaxError()
  for (const member of Object.keys(statement)) if (!statementMembers.has(member)) throw syntaxError()
  if (statement.Effect === undefined) throw malformedPolicy('Missing required field Effect')
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
    throw malformedPolicy(`Invalid effect: ${shown(statement.Effect)}`)
  }
  if (statement.Sid === undefined) return statement
  if (typeof statement.Sid !== 'string') throw syntaxError()
  if (!/^[0-9A-Za-z]*$/.test(statement.Sid)) {
    throw malformedPolicy(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    )
  }
  if (statement.Sid !== '' && sids.has(statement.Sid)) {
    throw malformedPolicy('Statement IDs (SID) in a single policy must be unique.')
  }
  sids.add(statement.Sid)
  return statement
}

/** Action or NotAction, each `*` or vendor and name. */
export function checkActions(statement: Json): readonly string[] {
  const actions = texts(exactlyOne(statement, 'Action', 'NotAction'))
  for (const action of actions) {
    if (action === '*') continue
    const [vendor, name, ...rest] = action.split(':')
    if (name === undefined) {
      throw malformedPolicy('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.')
    }
    if (!/^[a-z0-9-]+$/i.test(vendor ?? '')) {
      throw malformedPolicy(`Vendor ${vendor} is not valid`)
    }
    if (rest.length > 0 || !/^[a-z0-9*?]+$/i.test(name)) {
      throw malformedPolicy('The policy failed legacy parsing')
    }
  }
  return actions
}

export function checkCondition(condition: unknown): void {
  if (condition === undefined) return
  if (!isObject(condition)) throw syntaxError()
  for (const [operator, keys] of Object.entries(condition)) {
    if (!operatorShape.test(operator)) throw malformedPolicy(`Invalid Condition type : ${operator}`)
    if (!isObject(keys)) throw syntaxError()
    for (const [key, values] of Object.entries(keys)) {
      if (!/^[^:\s]+:.+$/.test(key)) {
        throw malformedPolicy('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.')
      }
      for (const value of Array.isArray(values) ? values : [values]) {
        if (!['string', 'number', 'boolean'].includes(typeof value)) throw syntaxError()
      }
    }
  }
}

const operatorShape = new RegExp(
  `^(?:(?:ForAllValues|ForAnyValue):)?(?:${[
    'String(?:Equals|NotEquals|EqualsIgnoreCase|NotEqualsIgnoreCase|Like|NotLike)',
    'Numeric(?:Equals|NotEquals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)',
    'Date(?:Equals|NotEquals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)',
    'Bool|BinaryEquals|IpAddress|NotIpAddress',
    'Arn(?:Equals|NotEquals|Like|NotLike)',
  ].join('|')})(?:IfExists)?$|^Null$`,
)

function exactlyOne(statement: Json, member: string, opposite: string): unknown {
  if (statement[member] !== undefined && statement[opposite] !== undefined) throw syntaxError()
  const value = statement[member] ?? statement[opposite]
  if (value === undefined) throw malformedPolicy(`Missing required field ${member}`)
  return value
}

function texts(value: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (items.length === 0) throw malformedPolicy('Policy statement must contain resources and actions.')
  return items.map((item) => {
    if (typeof item !== 'string' || item === '') throw syntaxError()
    return item
  })
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parse(document: string): Json {
  let value: unknown
  try {
    value = JSON.parse(document)
  } catch {
    throw malformedPolicy('This policy contains invalid Json')
  }
  if (!isObject(value)) throw malformedPolicy('This policy contains invalid Json')
  return value
}

export function syntaxError() {
  return malformedPolicy('Syntax errors in policy.')
}
