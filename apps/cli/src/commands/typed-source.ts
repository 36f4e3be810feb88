import { quoteForShell } from '@mlflow-iam/core/export/shell-quote'
import { Problem } from '@mlflow-iam/core/problem'
import type { FlagValues } from './flags.ts'

export type FileFlags = Pick<FlagValues, 'file' | 'prune'>

/** The grants file as it is typed after a command: `-f grants.yaml --prune`. Without prune another plan would be meant. */
export function typedFile({ file = 'grants.yaml', prune }: FileFlags): string {
  return [`-f ${quoteForShell(file)}`, ...(prune ? ['--prune'] : [])].join(' ')
}

/** The flags that reach the same account: `--sandbox --profile prod`. */
export function typedFlags({
  sandbox,
  profile = [],
  region,
  'endpoint-url': endpointUrl,
}: Pick<FlagValues, 'sandbox' | 'profile' | 'region' | 'endpoint-url'>): string {
  const given = [
    ...profile.map((name) => ['profile', name] as const),
    ['region', region] as const,
    ['endpoint-url', endpointUrl] as const,
  ]
  const words = given.flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${quoteForShell(value)}`],
  )
  return [...(sandbox ? ['--sandbox'] : []), ...words].join(' ')
}

/** The same failure, with its ways on as they reach the account in which it happened. */
export function reachingAccount(error: unknown, accountFlags: string): unknown {
  if (!(error instanceof Problem) || accountFlags === '') return error
  const { code, what, why, exit, errors, cause } = error
  const fix = error.fix.map((line) => (goesOn.test(line) ? `${line} ${accountFlags}` : line))
  return new Problem(code, what, { why, fix, exit, cause, ...(errors ? { errors } : {}) })
}

const goesOn = /^mlflow-iam (?:apply --resume|rollback) /
