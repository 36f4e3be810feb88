import { usageProblem } from './usage-problem.ts'

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

/** Milliseconds of `90s`, `5m`, `1h`, or of a bare number of seconds. */
export function readDuration(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const [, number, unit = 's'] = /^(\d{1,6})(ms|s|m|h)?$/.exec(text) ?? []
  if (number === undefined) {
    throw usageProblem(
      `${flag} ${JSON.stringify(text)} is no length of time.`,
      'It takes a number and s, m or h.',
      `For example: ${flag} 90s`,
    )
  }
  return Number(number) * units[unit as keyof typeof units]
}
