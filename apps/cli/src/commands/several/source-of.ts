import { type FileFlags, typedFile, typedFlags } from '../typed-source.ts'

export type SourceFlags = FileFlags & Parameters<typeof typedFlags>[0]

/** What to type after a command to mean these accounts alone: `-f grants.yaml --sandbox --profile prod`. */
export function sourceOf(flags: SourceFlags, ...profiles: readonly (string | undefined)[]): string {
  const profile = profiles.flatMap((name) => name ?? [])
  return [typedFile(flags), typedFlags({ ...flags, profile })].filter(Boolean).join(' ')
}
