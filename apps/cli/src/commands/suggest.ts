import { findAction } from '@mlflow-iam/core/catalog/actions'
import { s3NeedsOfActions } from '@mlflow-iam/core/catalog/closure'
import { joinS3 } from '@mlflow-iam/core/catalog/join-s3'
import { readDenial } from '@mlflow-iam/core/evaluate/read-denial'
import { expandPersonas } from '@mlflow-iam/core/personas/expand'
import { exitCodes } from '@mlflow-iam/core/problem'
import { readSources } from '@mlflow-iam/core/suggest/read-sources'
import {
  type Reason,
  type Suggestion,
  type SuggestOptions,
  suggestFor,
  suggestGrants,
} from '@mlflow-iam/core/suggest/suggest-grants'
import { collectSources } from '../files/collect-sources.ts'
import { readGrants } from '../files/read-grants.ts'
import { renderSuggestion } from '../output/suggestion.ts'
import type { Call, Command } from './command.ts'
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
  const options = optionsOf(call)
  const parts: Suggestion[] = []
  if (sources.length > 0) parts.push(suggestGrants(readSources(collectSources(sources)), options))
  if (flags.denied)
    parts.push(
      suggestFor(
        flags.denied.map(reasonOfDenial),
        { ...s3OfDenials(flags.denied), onlyTraces: false },
        [],
        options,
      ),
    )
  if (trails.length > 0) {
    const { suggestFromTrails } = await import('./suggest-trails.ts')
    parts.push(await suggestFromTrails(trails, call, options))
  }
  const suggestion = parts.length === 1 && parts[0] ? parts[0] : together(parts, options)
  io.out(io.json ? JSON.stringify(suggestion) : renderSuggestion(suggestion, io))
  return exitCodes.done
}

/** `--cloudtrail a.json b.json`: a shell's wildcard leaves the others as arguments; no source ends like records. */
function splitSources({ arguments: words, flags }: Call): readonly [readonly string[], readonly string[]] {
  if (flags.cloudtrail === undefined) return [words, []]
  const isTrail = (word: string) => /\.(jsonl?|gz|ndjson|csv)$/.test(word)
  return [words.filter((word) => !isTrail(word)), [...flags.cloudtrail, ...words.filter(isTrail)]]
}

function optionsOf({ flags }: Call): SuggestOptions {
  const file = flags.file === undefined ? undefined : readGrants(flags.file)
  const [to] = flags.principal ?? []
  return {
    personas: expandPersonas(file?.personas ?? []).values(),
    ...(to === undefined ? {} : { to }),
    ...(flags.server === undefined ? {} : { on: flags.server }),
  }
}

function reasonOfDenial(text: string, index: number): Reason {
  const denial = readDenial(text)
  if (!denial) {
    throw usageProblem(
      `--denied ${JSON.stringify(text.slice(0, 80))} is no AccessDenied message.`,
      'It must hold "is not authorized to perform: ACTION".',
      'Paste the whole message, in quotes.',
    )
  }
  const known = findAction(denial.action)
  const action = known?.name.startsWith('sagemaker-mlflow:') ? known.bare : denial.action
  return { action, at: `denied:${index + 1}`, function: 'AccessDenied', evidence: 'measured' }
}

function s3OfDenials(texts: readonly string[]) {
  const actions = texts.flatMap((text) => readDenial(text)?.action ?? [])
  const direct = {
    read: actions.includes('s3:GetObject'),
    write: actions.includes('s3:PutObject'),
    list: actions.includes('s3:ListBucket'),
  }
  return joinS3(direct, s3NeedsOfActions(actions.map((action) => action.replace(/^sagemaker-mlflow:/, ''))))
}

/** Several kinds of evidence make one suggestion. */
function together(parts: readonly Suggestion[], options: SuggestOptions): Suggestion {
  const s3 = (word: 'read' | 'write' | 'list') => parts.some(({ needs }) => needs.s3.includes(word))
  return suggestFor(
    parts.flatMap(({ reasons }) => reasons),
    { read: s3('read'), write: s3('write'), list: s3('list'), onlyTraces: false },
    parts.flatMap(({ undecided }) => undecided),
    options,
  )
}
