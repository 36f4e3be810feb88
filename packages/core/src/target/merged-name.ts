import { canonicalJson, hexHash } from '../policy/hash.ts'

/** 8 hex digits of what one principal is granted in merged policies, whatever order the file says it in. */
export function mergedIdentity(fileName: string, principal: string, unitKeys: readonly string[]): string {
  return hexHash(canonicalJson([fileName, principal, [...unitKeys].sort()]), 8)
}

export function mergedName(part: number, identity: string): string {
  return `mlflow-iam-merged-${part}-${identity}`
}

/** The hash in the name of a merged policy; undefined for all others. */
export function mergedHashOf(name: string): string | undefined {
  return /^mlflow-iam-merged-\d+-([0-9a-f]{8})$/u.exec(name)?.[1]
}
