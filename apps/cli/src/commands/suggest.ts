import { expandPersonas } from '@mlflow-iam/core/personas/expand'
import { arnName } from '@mlflow-iam/core/policy/arn'
import { exitCodes } from '@mlflow-iam/core/problem'
import { readSources } from '@mlflow-iam/core/suggest/read-sources'
import {
  type Suggestion,
  type SuggestOptions,
  suggestFor,
  suggestGrants,
} from '@mlflow-iam/core/suggest/suggest-grants'
import { collectSources } from '../files/collect-sources.ts'
import { readGrants } from '../files/read-grants.ts'
import { isTrailName } from '../files/read-trails.ts'
import { checkWritable, writeOutput } from '../files/write-output.ts'
import type { Io } from '../output/io.ts'
import { renderSuggestion, renderUndecided } from '../output/suggestion.ts'
import { renderNarrowing, renderUse } from '../output/trail-use.ts'
import type { Call, Command } from './command.ts'
import type { TrailEvidence } from './suggest-trails.ts'
import { usageProblem } from './usage-problem.ts'

/** `suggest`: the least grant for code, for records of what was called, or for denials. */
export const run: Command = async (call) => {
  const { flags, io } = call
  const [sources, trails] = splitSources(call)
  if (sources.length + trails.length + (flags.denied?.length ?? 0) === 0) {
    throw usageProblem(
      'Nothing is given to read.',
      'It takes Python files, notebooks and folders, --cloudtrail FILE or --denied TEXT.',
      'For example: mlflow-iam suggest train.py',
    )
  }
  refuseOutput(call, trails)
  const options = optionsOf(call)
  const parts: Suggestion[] = []
  if (sources.length > 0) parts.push(suggestForSources(sources, options))
  if (flags.denied) {
    const { suggestForDenials } = await import('./suggest-denials.ts')
    parts.push(suggestForDenials(flags.denied, options))
  }
  const evidence = trails.length > 0 ? await readRecords(trails, call, options) : undefined
  if (evidence) parts.push(evidence.suggestion)
  const suggestion = parts.length === 1 && parts[0] ? parts[0] : together(parts, options)
  if (evidence?.narrowing && flags.output !== undefined) {
    const { text } = evidence.narrowing
    if (flags.output === '-') {
      io.out(text.trimEnd())
      return exitCodes.done
    }
    writeOutput(flags.output, text, { force: flags.force ?? false })
    io.note(`Wrote ${flags.output}.`)
  }
  if (io.json) io.out(JSON.stringify({ ...suggestion, ...(evidence && evidenceJson(evidence)) }))
  else
    io.out(
      evidence
        ? renderEvidence(evidence, suggestion, parts.length > 1, io)
        : renderSuggestion(suggestion, io),
    )
  return exitCodes.done
}

async function readRecords(trails: readonly string[], call: Call, options: SuggestOptions) {
  const { readEvidence } = await import('./suggest-trails.ts')
  return readEvidence(trails, call, options)
}

function refuseOutput({ flags }: Call, trails: readonly string[]): void {
  if (flags.output !== undefined && (trails.length === 0 || flags.file === undefined)) {
    throw usageProblem(
      '-o writes the narrowed grants file.',
      'Narrowing needs records and the grants file that they are set against.',
      'Add --cloudtrail FILE and -f grants.yaml.',
    )
  }
  if (flags.since !== undefined && trails.length === 0) {
    throw usageProblem('--since stands alone.', 'It says from when records count.', 'Add --cloudtrail FILE.')
  }
  if (flags.file === '-' && trails.includes('-')) {
    throw usageProblem(
      'Standard input cannot be read twice.',
      'Both -f and --cloudtrail are -.',
      'Name one of the files.',
    )
  }
  if (flags.output !== undefined && flags.output !== '-') {
    checkWritable(flags.output, { force: flags.force ?? false })
  }
}

function suggestForSources(words: readonly string[], options: SuggestOptions): Suggestion {
  const { files, undecided } = collectSources(words)
  const reading = readSources(files)
  return suggestGrants({ ...reading, undecided: [...undecided, ...reading.undecided] }, options)
}

/** What the records say beside the suggestion: who used what, and the narrowed file where there is one. */
function evidenceJson({ rows, narrowing, from, until }: TrailEvidence) {
  return {
    usage: rows,
    ...(from !== undefined && { from, until }),
    ...(narrowing && { narrowed: narrowing.text, diff: narrowing.diff }),
  }
}

function renderEvidence(
  { rows, narrowing, from, until }: TrailEvidence,
  suggestion: Suggestion,
  isMore: boolean,
  io: Io,
): string {
  const span = from === undefined ? [] : [`MLflow events from ${from} until ${until}`, '']
  const use = [...span, renderUse(rows, io), '']
  if (!narrowing) {
    const hint = 'What is granted and not used is told with the grants file: add -f grants.yaml.'
    return [...use, renderSuggestion(suggestion, io), '', hint].join('\n')
  }
  // The narrowed file says what the records alone would suggest.
  const rest = isMore ? ['', renderSuggestion(suggestion, io)] : renderUndecided(suggestion, io)
  return [...use, renderNarrowing(narrowing, io.paint), ...rest].join('\n')
}

/** `--cloudtrail a.json b.json`: a shell's wildcard leaves the others as arguments; no source ends like records. */
function splitSources({ arguments: words, flags }: Call): readonly [readonly string[], readonly string[]] {
  if (flags.cloudtrail === undefined) return [words, []]
  return [words.filter((word) => !isTrailName(word)), [...flags.cloudtrail, ...words.filter(isTrailName)]]
}

function optionsOf({ flags }: Call): SuggestOptions {
  const file = flags.file === undefined ? undefined : readGrants(flags.file)
  const [to] = flags.principal ?? []
  return {
    personas: expandPersonas(file?.personas ?? []).values(),
    ...(to === undefined ? {} : { to }),
    ...(flags.server === undefined ? {} : { on: flags.server.map(arnName) }),
  }
}

/** Several kinds of evidence make one suggestion; each keeps the grants that it speaks for. */
function together(parts: readonly Suggestion[], options: SuggestOptions): Suggestion {
  const s3 = (word: 'read' | 'write' | 'list') => parts.some(({ needs }) => needs.s3.includes(word))
  const reasons = parts.flatMap((part) => part.reasons)
  const whole = suggestFor(
    // What is no action of MLflow's, a denial can name and no grant can add.
    reasons.filter(({ action }) => !action.includes(':')),
    { read: s3('read'), write: s3('write'), list: s3('list'), onlyTraces: false },
    parts.flatMap(({ undecided }) => undecided),
    options,
  )
  const lines = parts.map(({ grants }) => grants.replace(/^grants:\n/, '')).join('')
  return {
    ...whole,
    needs: { ...whole.needs, actions: [...new Set(parts.flatMap(({ needs }) => needs.actions))].sort() },
    grants: lines === '' ? '' : `grants:\n${lines}`,
    reasons,
  }
}
