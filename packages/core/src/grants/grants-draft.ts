import type { Grant, GrantsFile } from './grants-file.ts'

/** A grants file as it is being written: the same content, without places in a text. */
export interface GrantsDraft extends Omit<GrantsFile, 'locate' | 'grants'> {
  readonly grants: readonly GrantDraft[]
}

export interface GrantDraft extends Omit<Grant, 'index' | 'to'> {
  /** As the file says it: `user/ana`, `profile/d-abc123/ben`. */
  readonly to: readonly string[]
}

/** What a parsed file says, ready to be changed and written again. */
export function toDraft({
  locate: _,
  ...file
}: Omit<GrantsFile, 'locate'> & { locate?: unknown }): GrantsDraft {
  return {
    ...file,
    grants: file.grants.map(({ index: _, to, ...grant }) => ({
      ...grant,
      to: to.map((principal) => principal.text),
    })),
  }
}
