import type { AccessDifference, AccessRow } from '@mlflow-iam/core/evaluate/access'
import { principalWord, serverWord } from './names.ts'

/** `verify --format junit`: a test case for each principal and server, failed where the account differs. */
export function renderAccessJunit(
  rows: readonly AccessRow[],
  differences: readonly AccessDifference[],
  name: string,
): string {
  const failed = new Map(differences.map((each) => [`${each.principal} ${each.server}`, each]))
  const pairs = new Map(
    [...rows, ...differences].map(({ principal, server }) => [
      `${principal} ${server}`,
      { principal, server },
    ]),
  )
  const cases = [...pairs].map(([key, { principal, server }]) => {
    const start = `    <testcase classname="${xmlText(principalWord(principal))}" name="${xmlText(`on ${serverWord(server)}`)}"`
    const difference = failed.get(key)
    return difference === undefined ? `${start}/>` : `${start}>${failure(difference)}</testcase>`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${cases.length}" failures="${failed.size}">`,
    `  <testsuite name="${xmlText(name)}" tests="${cases.length}" failures="${failed.size}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
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
