import { findAction } from '../catalog/actions.ts'
import { parseArn } from '../policy/arn.ts'

export type ServerKind = 'mlflow-tracking-server' | 'mlflow-app'

/** What an ARN is of; a tracking server where it is not an App. */
export function kindOfServer(arn: string): ServerKind {
  return parseArn(arn)?.resource.startsWith('mlflow-app/') ? 'mlflow-app' : 'mlflow-tracking-server'
}

/**
 * The only kind of server on which these calls exist; undefined where either will do. MLflow actions are made on both:
 * those of tracking servers have one action of Apps in their place.
 */
export function serverKindOf(actions: readonly string[]): ServerKind | undefined {
  const kinds = actions.flatMap((action) => {
    const types = action.includes(':') ? (findAction(action)?.resourceTypes ?? []) : []
    const known = types.filter((type) => type === 'mlflow-app' || type === 'mlflow-tracking-server')
    // Listing is of no server at all, but of one kind.
    if (/:ListMlflowApps$/i.test(action)) return ['mlflow-app' as const]
    return known.length === 1 ? known : []
  })
  return new Set(kinds).size === 1 ? kinds[0] : undefined
}
