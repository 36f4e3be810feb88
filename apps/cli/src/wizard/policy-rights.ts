/** What a hand-made policy says beside the MLflow actions that it allows. */
export interface OtherRights {
  /** Actions of other services, as the policy writes them, the first few; the rest as a count. */
  readonly others: readonly string[]
  readonly conditions: boolean
  readonly denies: boolean
}

/** Reads a stored document for what grants cannot say. Text that is no policy says nothing. */
export function otherRights(document: string): OtherRights {
  const statements = statementsOf(document)
  const allowed = statements
    .filter((statement) => statement.Effect === 'Allow')
    .flatMap((statement) =>
      'NotAction' in statement ? ['everything but some actions'] : listOf(statement.Action),
    )
  const others = [...new Set(allowed.filter((action) => !/^sagemaker-mlflow:/iu.test(action)))].sort()
  return {
    others: others.length > 4 ? [...others.slice(0, 3), `${others.length - 3} more`] : others,
    conditions: statements.some((statement) => statement.Effect === 'Allow' && 'Condition' in statement),
    denies: statements.some((statement) => statement.Effect === 'Deny'),
  }
}

type Loose = Readonly<Record<string, unknown>>

function statementsOf(document: string): readonly Loose[] {
  try {
    const read = JSON.parse(document) as { readonly Statement?: unknown } | null
    const all = Array.isArray(read?.Statement) ? read.Statement : [read?.Statement]
    return all.filter((each): each is Loose => typeof each === 'object' && each !== null)
  } catch {
    return []
  }
}

function listOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string')
}
