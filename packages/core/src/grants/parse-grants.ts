import { exitCodes, type InputIssue, Problem } from '../problem.ts'
import { buildGrantsFile } from './build-grants.ts'
import { checkShape } from './check-shape.ts'
import { checkGrants } from './checks/check-grants.ts'
import { checkFileRegion, homeOf } from './checks/check-home.ts'
import { checkPersonas } from './checks/check-personas.ts'
import { checkRealAccount } from './checks/check-real-account.ts'
import { checkRoles } from './checks/check-roles.ts'
import { checkServers } from './checks/check-servers.ts'
import { checkSharedNames } from './checks/check-shared-names.ts'
import { mapOf, type Report } from './checks/loose.ts'
import { suggestWithin } from './checks/suggest.ts'
import { printable } from './complaint.ts'
import type { GrantsFile, Locate } from './grants-file.ts'
import { guardText } from './guard-text.ts'
import type { PlainValue } from './plain-value.ts'
import { indexLines, type LineIndex, type PlacedComplaint } from './positions.ts'
import { readYaml } from './read-yaml.ts'
import { type GrantsContent, grantsSchema } from './schema.ts'

/**
 * Reads a grants file, or throws one `INVALID_GRANTS_FILE` that holds every complaint, in reading order. A draft may
 * hold grants that contradict each other: whoever edits is on the way from one choice to the next.
 */
export function parseGrants(text: string, fileName: string, kind: 'file' | 'draft' = 'file'): GrantsFile {
  const guarded = guardText(text)
  const lines = indexLines(guarded.text)
  if (guarded.hopeless) throw invalid(guarded.complaints, fileName, lines)
  const { plain, complaints } = readYaml(guarded.text, lines)
  const opening = [...guarded.complaints, ...complaints]
  if (plain === undefined) throw invalid(opening, fileName, lines)
  if (plain.value === null || typeof plain.value !== 'object' || Array.isArray(plain.value)) {
    throw invalid([...opening, notAMapping(plain)], fileName, lines)
  }
  const judged = [...checkShape(grantsSchema, plain), ...checkTogether(mapOf(plain.value), plain, kind)]
  // What could not be read as it stands has been complained about once.
  const unread = new Set(complaints.map((complaint) => complaint.path))
  const found = [...opening, ...judged.filter((complaint) => !unread.has(complaint.path))]
  if (found.length > 0) throw invalid(found, fileName, lines)
  return buildGrantsFile(plain.value as GrantsContent, locateIn(plain, fileName, lines))
}

/** The checks that look at more than one value. They run beside the schema's complaints, to show all at once. */
function checkTogether(
  data: Readonly<Record<string, unknown>>,
  plain: PlainValue,
  kind: 'file' | 'draft',
): PlacedComplaint[] {
  const complaints: PlacedComplaint[] = []
  const report: Report = (path, complaint, at = 'value') => {
    complaints.push({ path: path.join('.'), offset: plain.find(path)[at], ...complaint })
  }
  const home = homeOf(data)
  checkFileRegion(data, home, report)
  checkServers(data.servers, home, report)
  checkRoles(data.roles, home, report)
  const suggest = suggestWithin()
  checkPersonas(data.personas, suggest, report)
  checkGrants(data, home, suggest, report)
  if (kind === 'file') checkSharedNames(data, report)
  checkRealAccount(data, home, report)
  return complaints
}

function notAMapping(plain: PlainValue): PlacedComplaint {
  const isEmpty = plain.value === null
  return {
    path: '',
    offset: plain.find([]).value,
    what: isEmpty
      ? 'The file is empty.'
      : `The file is ${Array.isArray(plain.value) ? 'a list' : 'a single value'}.`,
    why: 'A grants file is a mapping of keys and values.',
    fix: 'Begin with version: 1 and name: ml-platform, each on a line.',
  }
}

function invalid(complaints: readonly PlacedComplaint[], fileName: string, lines: LineIndex): Problem {
  const sorted = complaints.toSorted((a, b) => a.offset - b.offset)
  const errors = sorted.map(({ path, offset, what, why, fix }): InputIssue => {
    const { line, column } = lines.at(offset)
    return {
      file: fileName,
      line,
      column,
      path,
      what: path === '' ? what : `${showPath(path)}: ${what}`,
      why,
      fix,
    }
  })
  const count = errors.length === 1 ? 'one error' : `${errors.length} errors`
  return new Problem('INVALID_GRANTS_FILE', `${fileName} has ${count}.`, {
    why: 'Nothing is planned from a file that says something unclear or impossible.',
    fix: ['Correct what is listed, and check again: mlflow-iam check -f FILE.'],
    exit: exitCodes.badInput,
    errors,
  })
}

function showPath(path: string): string {
  return printable(path.length > 120 ? `${path.slice(0, 117)}...` : path)
}

/** Keys may hold dots, so a path is matched against the longest keys first. */
function locateIn(plain: PlainValue, file: string, lines: LineIndex): Locate {
  return (path) => {
    const parts = path === '' ? [] : path.split('.')
    const known: (string | number)[] = []
    let current: unknown = plain.value
    let next = 0
    while (next < parts.length && typeof current === 'object' && current !== null) {
      let taken = parts.length
      let key: string | number = parts.slice(next).join('.')
      while (taken > next + 1 && !Object.hasOwn(current, key)) key = parts.slice(next, --taken).join('.')
      if (!Object.hasOwn(current, key)) break
      if (Array.isArray(current)) key = Number(key)
      known.push(key)
      current = (current as Record<string | number, unknown>)[key]
      next = taken
    }
    return { file, ...lines.at(plain.find(known).value) }
  }
}
