import { type Home, iamArn } from '../policy/arn.ts'
import type { IamRole, Tag } from '../snapshot/snapshot.ts'

/** The path of every policy that the grants file of this name owns. The path is the proof of ownership. */
export function ownedPath(fileName: string): string {
  return `/mlflow-iam/${fileName}/`
}

/** What the ARN of every owned policy begins with. */
export function ownedPrefix(home: Home, fileName: string): string {
  return iamArn(home, 'policy', ownedPath(fileName), '')
}

/** A role is ours by its tag: roles keep the path that people expect. */
export function isOwnedRole(role: IamRole, fileName: string): boolean {
  return role.tags.some((tag) => tag.Key === 'mlflow-iam:grants' && tag.Value === fileName)
}

/** The tags on everything that is made for a grants file. */
export function ownerTags(fileName: string, persona?: string): readonly Tag[] {
  return [
    { Key: 'managed-by', Value: 'mlflow-iam' },
    { Key: 'mlflow-iam:grants', Value: fileName },
    ...(persona ? [{ Key: 'mlflow-iam:persona', Value: persona }] : []),
  ]
}
