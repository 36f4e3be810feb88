import type { S3Needs } from '../personas/persona.ts'

/** The S3 access that either needs. */
export function joinS3(one: S3Needs, other: S3Needs): S3Needs {
  return {
    read: one.read || other.read,
    write: one.write || other.write,
    list: one.list || other.list,
  }
}

/** No access to artifacts. */
export const noS3: S3Needs = { read: false, write: false, list: false }
