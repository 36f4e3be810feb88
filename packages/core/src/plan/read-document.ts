import type { PolicyDocument } from '../policy/document.ts'
import { canonicalJson } from '../policy/hash.ts'
import type { ManagedPolicy } from '../snapshot/snapshot.ts'

/** The text of a policy's default version. */
export function defaultDocument(policy: ManagedPolicy): string {
  return policy.versions.find((version) => version.id === policy.defaultVersion)?.document ?? ''
}

/** Reads a document; undefined for text that is none. */
export function readDocument(text: string): PolicyDocument | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'Statement' in value
      ? (value as PolicyDocument)
      : undefined
  } catch {
    return undefined
  }
}

/** Whether a stored text says the same as a document, whatever its white space and member order. */
export function saysTheSame(text: string, document: PolicyDocument): boolean {
  const stored = readDocument(text)
  return stored !== undefined && canonicalJson(stored) === canonicalJson(document)
}
