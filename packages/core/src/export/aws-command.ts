import type { Request, Value } from '../plan/operation.ts'
import { type AwsOption, awsArguments, isFromAnswer } from './aws-arguments.ts'
import { quoteForShell } from './shell-quote.ts'

/**
 * One complete bash command that sends exactly this request, an option a line. `region` is the plan's: it is said where
 * the service has regions of its own choice.
 */
export function awsCommand(request: Request, region?: string): string {
  const place =
    region === undefined || awsArguments(request).service !== 'sagemaker'
      ? []
      : [`  --region ${quoteForShell(region)}`]
  return [`aws ${awsVerb(request)}`, ...awsOptionLines(request), ...place].join(' \\\n')
}

/** `iam create-policy` */
export function awsVerb(request: Request): string {
  const { service, command } = awsArguments(request)
  return `${service} ${command}`
}

/** The options as indented lines; `documents` maps long values to the shell word that stands for them. */
export function awsOptionLines(
  request: Request,
  documents: ReadonlyMap<string, string> = new Map(),
): string[] {
  return awsArguments(request).options.flatMap((option) => optionLines(option, documents))
}

function optionLines({ flag, words }: AwsOption, documents: ReadonlyMap<string, string>): string[] {
  const quoted = words.map((word) => documents.get(word as string) ?? shellWord(word))
  if (quoted.length > 1) return [`  ${flag}`, ...quoted.map((word) => `    ${word}`)]
  const [only] = words
  // `--name -x` would read `-x` as an option of its own.
  const glue = typeof only === 'string' && only.startsWith('-') ? '=' : ' '
  return [quoted.length === 0 ? `  ${flag}` : `  ${flag}${glue}${quoted[0]}`]
}

function shellWord(word: Value): string {
  return isFromAnswer(word) ? `"$${answerVariable(word.$from)}"` : quoteForShell(word)
}

/** The shell variable that keeps a value from an earlier answer: `op-3.PolicyVersion.VersionId`. */
export function answerVariable(from: string): string {
  return from.replace(/[^A-Za-z0-9]+/g, '_').replace(/^(?=\d)/, '_')
}
