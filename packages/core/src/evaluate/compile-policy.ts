import { type ActionBits, bitsWhere } from './action-bits.ts'
import { type CompiledCondition, compileCondition } from './conditions.ts'
import type { Glob } from './glob.ts'
import { describesPrincipal, type RequestFacts } from './request.ts'
import { compileTextPattern, type TextPattern } from './text-pattern.ts'
import { anyOf, not, type Truth } from './truth.ts'

/** One policy document, read once. */
export interface CompiledPolicy {
  /** The document as it was read. */
  readonly text: string
  readonly statements: readonly CompiledStatement[]
  /** What is wrong with the text, in words that follow "because"; such statements count for nothing. */
  readonly flaws: readonly string[]
  /** Condition keys that describe the principal and that some statement reads, lower case, sorted. */
  readonly principalKeys: readonly string[]
}

export interface CompiledStatement {
  /** Its Sid, or its place from 1: `#2`. */
  readonly name: string
  readonly effect: 'Allow' | 'Deny'
  /** The row actions that its Action or NotAction covers. */
  readonly bits: ActionBits
  readonly hasCondition: boolean
  /** Condition keys that its Condition and its variables read, lower case. */
  readonly keys: readonly string[]
  /** Action or NotAction, Resource or NotResource, and Condition as written. */
  readonly actions: NamedValues
  readonly resources: NamedValues
  readonly condition: unknown
  coversAction(lowerName: string): boolean
  coversResource(resource: string, facts: RequestFacts): Truth
  holds(facts: RequestFacts): Truth
}

export interface NamedValues {
  readonly values: readonly string[]
  /** Whether they stand in `NotAction` or `NotResource`. */
  readonly negated: boolean
}

/** The longest document that IAM's API accepts. */
const longestDocument = 131_072

/** Reads a policy document as IAM does. Never throws: a document that IAM would refuse has flaws instead. */
export function compilePolicy(text: string): CompiledPolicy {
  const flaws: string[] = []
  const statements: CompiledStatement[] = []
  const document = readDocument(text, flaws)
  if (document) {
    const variables = document.Version === '2012-10-17'
    const list = Array.isArray(document.Statement) ? document.Statement : [document.Statement]
    list.forEach((source: unknown, index: number) => {
      const statement = compileStatement(source, `#${index + 1}`, variables, flaws)
      if (statement) statements.push(statement)
    })
  }
  const keys = new Set(statements.flatMap((statement) => statement.keys))
  return { text, statements, flaws, principalKeys: [...keys].filter(describesPrincipal).sort() }
}

function readDocument(text: string, flaws: string[]): Readonly<Record<string, unknown>> | undefined {
  if (text.length > longestDocument) {
    flaws.push(`it has ${text.length} characters, more than the ${longestDocument} that IAM accepts`)
    return undefined
  }
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    flaws.push('it is not JSON')
    return undefined
  }
  if (!isRecord(document)) flaws.push('it is not a JSON object')
  else if (document.Statement === undefined) flaws.push('it has no Statement')
  else return document
  return undefined
}

function compileStatement(
  source: unknown,
  place: string,
  variables: boolean,
  flaws: string[],
): CompiledStatement | undefined {
  const name = isRecord(source) && typeof source.Sid === 'string' && source.Sid !== '' ? source.Sid : place
  const complain = (what: string) => {
    flaws.push(`statement ${name}: ${what}`)
    return undefined
  }
  if (!isRecord(source)) return complain('it is not an object')
  const effect = source.Effect
  if (effect !== 'Allow' && effect !== 'Deny') return complain('its Effect is neither Allow nor Deny')
  if (source.Principal !== undefined || source.NotPrincipal !== undefined) {
    return complain('an identity policy cannot name a Principal')
  }
  const actions = oneOf(source, 'Action', 'NotAction', complain)
  const resources = oneOf(source, 'Resource', 'NotResource', complain)
  if (!actions || !resources) return undefined
  const condition =
    source.Condition === undefined ? noCondition : compileCondition(source.Condition, variables, complain)
  if (!condition) return undefined

  const globs = actions.values.map((value) => actionGlob(value))
  const coversAction = (lowerName: string) =>
    globs.some((glob) => glob.matches(lowerName)) !== actions.negated
  const patterns = resources.values.flatMap((value) => resourcePatterns(value, variables))
  return {
    name,
    effect,
    bits: bitsWhere(coversAction),
    hasCondition: condition !== noCondition,
    keys: [...new Set([...condition.keys, ...patterns.flatMap((pattern) => pattern.keys)])],
    actions,
    resources,
    condition: source.Condition,
    coversAction,
    coversResource(resource, facts) {
      const covered = anyOf(patterns.map((pattern) => pattern.matches(resource, facts)))
      return resources.negated ? not(covered) : covered
    },
    holds: condition.holds,
  }
}

const noCondition: CompiledCondition = { keys: [], holds: () => true }

/** Action names compare ignoring case and take no variables (IAM User Guide, "IAM JSON policy elements: Action"). */
function actionGlob(value: string): Glob {
  const pattern = compileTextPattern(value, { form: 'like', ignoreCase: true, variables: false })
  return { matches: (text) => pattern.matches(text, noFacts) === true }
}

const noFacts: RequestFacts = { valueOf: () => 'unknown' }

/** An ARN with fewer than six parts stands for every value of the missing ones ("IAM identifiers"). */
function resourcePatterns(value: string, variables: boolean): readonly TextPattern[] {
  const style = { form: value === '*' ? 'like' : 'resource', ignoreCase: false, variables } as const
  const parts = value.split(':').length
  if (!value.startsWith('arn:') || parts >= 6) return [compileTextPattern(value, style)]
  return [compileTextPattern(value, style), compileTextPattern(value + ':*'.repeat(6 - parts), style)]
}

function oneOf(
  source: Readonly<Record<string, unknown>>,
  plain: string,
  negative: string,
  complain: (what: string) => undefined,
): NamedValues | undefined {
  const negated = source[plain] === undefined
  if (!negated && source[negative] !== undefined) return complain(`it has both ${plain} and ${negative}`)
  const value = negated ? source[negative] : source[plain]
  if (value === undefined) return complain(`it has neither ${plain} nor ${negative}`)
  const values = Array.isArray(value) ? value : [value]
  if (!values.every((item) => typeof item === 'string'))
    return complain(`its ${negated ? negative : plain} is not text`)
  return { values, negated }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
