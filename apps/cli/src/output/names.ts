import { permissionSetOf } from '@mlflow-iam/core/evaluate/permission-set-of'
import { parseArn } from '@mlflow-iam/core/policy/arn'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { TargetPrincipal } from '@mlflow-iam/core/target/target'

export type NamedPrincipal = Pick<TargetPrincipal, 'arn' | 'kind' | 'name'>

/** How people name a principal: `user/ana`, `role/teams/ml/trainer`; permission sets, and the roles that they make, by the set's name. */
export function principalWord(arn: string, principals: readonly NamedPrincipal[] = []): string {
  const known = principals.find((principal) => principal.arn === arn)
  if (known?.kind === 'permission-set') return `permission-set/${known.name}`
  const resource = parseArn(arn)?.resource ?? arn
  const set = resource.startsWith('role/') ? permissionSetOf(lastPart(resource)) : undefined
  if (set !== undefined) return `permission-set/${set}`
  return resource.replace(/^permissionSet\/[^/]+\//, 'permission-set/')
}

/** The permission sets of an account by name, since their ARNs hold none. */
export function namedSets({ permissionSets }: Pick<Snapshot, 'permissionSets'>): readonly NamedPrincipal[] {
  return permissionSets.map(({ arn, name }) => ({ arn, kind: 'permission-set', name }))
}

/** How people name a server: `ml-prod` where it is a tracking server, `mlflow-app/app-ABC123` for an App. */
export function serverWord(arn: string): string {
  const resource = parseArn(arn)?.resource ?? arn
  return resource.replace(/^mlflow-tracking-server\//, '')
}

/** The same among others: servers of one name are told apart by what differs, `ml-prod (us-east-1)`. */
export function serverWordAmong(servers: Iterable<string>): (arn: string) => string {
  const byWord = new Map<string, string[]>()
  for (const arn of new Set(servers)) {
    const word = serverWord(arn)
    byWord.set(word, [...(byWord.get(word) ?? []), arn])
  }
  return (arn) => {
    const word = serverWord(arn)
    const twins = (byWord.get(word) ?? []).map((each) => parseArn(each))
    const own = parseArn(arn)
    const differing = [
      ...(twins.some((twin) => twin?.account !== own?.account) ? [own?.account] : []),
      ...(twins.some((twin) => twin?.region !== own?.region) ? [own?.region] : []),
    ]
    return differing.length === 0 ? word : `${word} (${differing.join(', ')})`
  }
}

/** How people name a policy: its name; inline ones as they are. */
export function policyWord(policy: string): string {
  if (policy.startsWith('inline:')) return policy.slice(0, policy.indexOf('@') >>> 0)
  return lastPart(policy)
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
