import type { FlagValues } from '../flags.ts'

type SourceFlags = Pick<FlagValues, 'file' | 'sandbox' | 'prune' | 'endpoint-url'>

/** What to type after a command to mean these accounts alone: `-f grants.yaml --sandbox --profile prod`. */
export function sourceOf(flags: SourceFlags, ...profiles: readonly (string | undefined)[]): string {
  return [
    `-f ${flags.file}`,
    ...(flags.prune ? ['--prune'] : []),
    ...(flags.sandbox ? ['--sandbox'] : []),
    ...(flags['endpoint-url'] === undefined ? [] : [`--endpoint-url ${flags['endpoint-url']}`]),
    ...profiles.flatMap((profile) => (profile === undefined ? [] : [`--profile ${profile}`])),
  ].join(' ')
}
