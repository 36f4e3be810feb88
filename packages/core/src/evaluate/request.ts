/** What is known of one condition key: its values, that the request does not carry it, or nothing. */
export type KeyValue = readonly string[] | 'absent' | 'unknown'

/** The condition keys of one request. Keys are asked for in lower case: IAM compares them ignoring case. */
export interface RequestFacts {
  valueOf(key: string): KeyValue
}

const principalKeys = new Set(['aws:username', 'aws:userid', 'aws:tokenissuetime'])

/** Whether a key's value may differ from principal to principal, so that they cannot share an answer. */
export function describesPrincipal(key: string): boolean {
  return key.startsWith('aws:principal') || principalKeys.has(key)
}
