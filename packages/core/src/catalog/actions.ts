import { type ActionGroup, actionGroups, actionWords, newerThanGuide } from './action-words.ts'
import { type ActionFacts, controlPlaneFacts, mlflowFacts, supportFacts } from './actions.generated.ts'
import { type OtherGroup, otherActionWords } from './other-action-words.ts'

export { type ActionGroup, actionGroups } from './action-words.ts'
export { catalogSource } from './actions.generated.ts'

/** One IAM action that matters to MLflow on SageMaker AI. */
export interface CatalogAction {
  /** `sagemaker-mlflow:LogMetric` */
  readonly name: string
  /** `LogMetric` */
  readonly bare: string
  readonly access: 'Read' | 'Write' | 'List' | 'Tagging'
  readonly group: ActionGroup | OtherGroup
  /** Empty for actions that policies can only allow on `"*"`. */
  readonly resourceTypes: readonly string[]
  readonly conditionKeys: readonly string[]
  /** Among the 44 that the AWS guide lists. */
  readonly inGuide: boolean
  /** What it lets someone do, to follow "may": `record one metric of a run`. */
  readonly description: string
  /** MLflow functions that call it, without their call forms. */
  readonly functions: readonly string[]
}

/** The `sagemaker-mlflow` actions of tracking servers, by group, deletions last in each. */
export const mlflowActions: readonly CatalogAction[] = inOrder(mlflowFacts, actionWords)

/** The `sagemaker` actions on tracking servers and MLflow Apps themselves. */
export const controlPlaneActions: readonly CatalogAction[] = inOrder(controlPlaneFacts, otherActionWords)

/** S3, KMS, model registry and role actions that MLflow needs beside its own. */
export const supportActions: readonly CatalogAction[] = inOrder(supportFacts, otherActionWords)

let byName: Map<string, CatalogAction> | undefined

/** Finds an action by its full name, or an MLflow action by its bare name; IAM compares names ignoring case. */
export function findAction(name: string): CatalogAction | undefined {
  if (!byName) {
    byName = new Map()
    for (const action of [...mlflowActions, ...controlPlaneActions, ...supportActions]) {
      byName.set(action.name.toLowerCase(), action)
      const bare = action.bare.toLowerCase()
      if (!byName.has(bare)) byName.set(bare, action)
    }
  }
  return byName.get(name.toLowerCase())
}

/** The MLflow actions of one group, in reading order. */
export function actionsOfGroup(group: ActionGroup): readonly CatalogAction[] {
  return mlflowActions.filter((action) => action.group === group)
}

type Words = Readonly<Record<string, Readonly<Record<string, string>>>>

function inOrder(facts: readonly ActionFacts[], words: Words): readonly CatalogAction[] {
  const factOf = new Map(facts.map((fact) => [fact.name, fact]))
  const actions: CatalogAction[] = []
  for (const [group, lines] of Object.entries(words)) {
    for (const [key, description] of Object.entries(lines)) {
      const fact = factOf.get(key) ?? factOf.get(`sagemaker-mlflow:${key}`)
      if (!fact) continue
      const bare = fact.name.slice(fact.name.indexOf(':') + 1)
      const inGuide = actionGroups.includes(group as ActionGroup) && !newerThanGuide.includes(bare)
      actions.push(catalogAction(fact, bare, group as CatalogAction['group'], inGuide, description))
    }
  }
  return actions
}

function catalogAction(
  fact: ActionFacts,
  bare: string,
  group: CatalogAction['group'],
  inGuide: boolean,
  description: string,
): CatalogAction {
  let types: readonly string[] | undefined
  let keys: readonly string[] | undefined
  let functions: readonly string[] | undefined
  return {
    name: fact.name,
    bare,
    access: fact.access,
    group,
    get resourceTypes() {
      types ??= listOf(fact.types, ' ')
      return types
    },
    get conditionKeys() {
      keys ??= listOf(fact.keys, ' ')
      return keys
    },
    inGuide,
    description,
    get functions() {
      functions ??= listOf(fact.functions, '|')
      return functions
    },
  }
}

function listOf(text: string, separator: string): readonly string[] {
  return text === '' ? [] : text.split(separator)
}
