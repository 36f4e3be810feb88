import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import { parseGrants } from '@mlflow-iam/core/grants/parse-grants'
import { usageProblem } from '../commands/usage-problem.ts'
import { readBytes } from './read-input.ts'

/** Reads and checks the grants file that `-f` names; `-` is standard input. */
export function readGrants(path: string | undefined): GrantsFile {
  if (path === undefined) {
    throw usageProblem('No grants file is given.', 'This needs one.', 'Add -f grants.yaml.')
  }
  // Bytes that are no text become U+FFFD, which the parser complains about at its place.
  const text = new TextDecoder().decode(readBytes(path, 'grants file'))
  return parseGrants(text, path === '-' ? 'stdin' : path)
}
