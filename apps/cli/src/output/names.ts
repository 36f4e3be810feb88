import { parseArn } from '@mlflow-iam/core/policy/arn'
import type { TargetPrincipal } from '@mlflow-iam/core/target/target'

/** How people name a principal: `user/ana`, `role/teams/ml/trainer`; permission sets by the name that the target knows. */
export function principalWord(arn: string, principals: readonly TargetPrincipal[] = []): string {
  const known = principals.find((principal) => principal.arn === arn)
  if (known?.kind === 'permission-set') return `permission-set/${known.name}`
  const resource = parseArn(arn)?.resource ?? arn
  return resource
    .replace(/^permissionSet\/[^/]+\//, 'permission-set/')
    .replace(/^role\/aws-reserved\/sso\.amazonaws\.com\/([^/]+\/)?/, 'role/')
}

/** How people name a server: `ml-prod` where it is a tracking server, `mlflow-app/app-ABC123` for an App. */
export function serverWord(arn: string): string {
  const resource = parseArn(arn)?.resource ?? arn
  return resource.replace(/^mlflow-tracking-server\//, '')
}

/** How people name a policy: its name; inline ones as they are. */
export function policyWord(policy: string): string {
  if (policy.startsWith('inline:')) return policy.slice(0, policy.indexOf('@') >>> 0)
  return policy.slice(policy.lastIndexOf('/') + 1)
}
