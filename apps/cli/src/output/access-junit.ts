import type { AccessDifference, AccessRow, UnknownAccess } from '@mlflow-iam/core/evaluate/access'
import { principalWord, serverWord } from './names.ts'

/** What one suite tells: an account's rows and where they differ, or why it could not be looked at. */
export interface JunitSuite {
  readonly name: string
  readonly rows: readonly AccessRow[]
  readonly differences: readonly AccessDifference[]
  readonly unknown?: readonly UnknownAccess[]
  readonly error?: string
}

/** `verify --format junit`: a test case for each principal and server, failed where the account differs. */
export function renderAccessJunit(
  rows: readonly AccessRow[],
  differences: readonly AccessDifference[],
  name: string,
  unknown: readonly UnknownAccess[] = [],
): string {
  return renderJunitSuites([{ name, rows, differences, unknown }])
}

/** The same with a suite for each of several accounts. One that could not be looked at is an error, not a failure. */
export function renderJunitSuites(suites: readonly JunitSuite[]): string {
  const parts = suites.map((suite) => ({ ...suite, ...casesOf(suite) }))
  const sum = (key: 'tests' | 'failures' | 'errors') => parts.reduce((total, part) => total + part[key], 0)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${countsOf({ tests: sum('tests'), failures: sum('failures'), errors: sum('errors') })}>`,
    ...parts.flatMap((part) => [
      `  <testsuite name="${xmlText(part.name)}" ${countsOf(part)}>`,
      ...part.cases,
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n')
}

interface Counts {
  readonly tests: number
  readonly failures: number
  readonly errors: number
}

function countsOf({ tests, failures, errors }: Counts): string {
  return `tests="${tests}" failures="${failures}"${errors > 0 ? ` errors="${errors}"` : ''}`
}

function casesOf({
  name,
  rows,
  differences,
  unknown = [],
  error,
}: JunitSuite): Counts & { readonly cases: string[] } {
  if (error !== undefined) {
    const text = `    <testcase classname="${xmlText(name)}" name="can be looked at"><error message="${xmlText(error)}"/></testcase>`
    return { cases: [text], tests: 1, failures: 0, errors: 1 }
  }
  const failed = new Map(differences.map((each) => [`${each.principal} ${each.server}`, each]))
  const pairs = new Map(
    [...rows, ...differences].map(({ principal, server }) => [
      `${principal} ${server}`,
      { principal, server },
    ]),
  )
  const open = new Map(unknown.map((each) => [`${each.principal} ${each.server}`, each.because]))
  const decidedIn = new Map(rows.map((row) => [`${row.principal} ${row.server}`, row.decidedIn]))
  const cases = [...pairs].map(([key, { principal, server }]) => {
    const start = `    <testcase classname="${xmlText(principalWord(principal))}" name="${xmlText(`on ${serverWord(server)}`)}"`
    const difference = failed.get(key)
    if (difference !== undefined) return `${start}>${failure(difference)}</testcase>`
    const because = open.get(key)
    if (because !== undefined) return `${start}><error message="${xmlText(because)}"/></testcase>`
    const account = decidedIn.get(key)
    const skipped = `<skipped message="decided in account ${xmlText(account ?? '')}"/>`
    return account === undefined ? `${start}/>` : `${start}>${skipped}</testcase>`
  })
  const errors = [...open.keys()].filter((key) => pairs.has(key) && !failed.has(key)).length
  return { cases, tests: cases.length, failures: failed.size, errors }
}

function failure({ missing, extra, because }: AccessDifference): string {
  const parts = [
    ...(missing.length > 0 ? [`missing ${missing.join(', ')}`] : []),
    ...(extra.length > 0 ? [`extra ${extra.join(', ')}`] : []),
  ]
  return `<failure message="${xmlText(because)}">${xmlText(parts.join('; '))}</failure>`
}

/** XML has no way to say most control characters at all, so they are left out. */
function xmlText(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  }
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (each) => names[each] ?? each)
}
