import { exitCodes } from '@mlflow-iam/core/problem'
import type { CommandSpec } from '../commands/command.ts'
import { type FlagName, type FlagSpec, flags, globalFlags } from '../commands/flags.ts'
import { commands } from '../commands/index.ts'
import { type Io, inAscii } from './io.ts'
import { wrapText } from './table.ts'

type HelpIo = Pick<Io, 'paint' | 'width'> & Partial<Pick<Io, 'ascii'>>

/** What each exit code means, in words, by number. */
export const exitCodeMeanings: Readonly<Record<number, string>> = {
  [exitCodes.done]: 'done',
  [exitCodes.bug]: 'a bug of mlflow-iam',
  [exitCodes.changes]: 'the plan changes something (only with --detailed-exitcode)',
  [exitCodes.badInput]: 'bad input or usage',
  [exitCodes.needsAnswer]: 'needs an answer or a flag',
  [exitCodes.notSignedIn]: 'not signed in',
  [exitCodes.accessDenied]: 'access denied, nothing written',
  [exitCodes.stalePlan]: 'the plan is stale',
  [exitCodes.partlyDone]: 'partly done (see the journal)',
  [exitCodes.differences]: 'verify found differences',
  [exitCodes.overLevel]: 'a finding is at or over the --fail-on level',
  [exitCodes.fileExists]: 'the file exists',
  [exitCodes.interrupted]: 'interrupted',
}

/** `mlflow-iam --help`: what it is, its commands, and the flags that all take. */
export function renderOverview({ paint, width }: HelpIo): string {
  const names = commands.map(({ name, summary }) => [name, summary] as const)
  return [
    ...wrapText(
      'mlflow-iam sets up, reviews, applies and proves AWS IAM access for MLflow on Amazon SageMaker AI.',
      width,
    ),
    '',
    'usage  mlflow-iam [COMMAND] [FLAGS]',
    '       mlflow-iam                      in a terminal: the wizard',
    '       mlflow-iam setup --sandbox      try it all, with no AWS account',
    '',
    paint.strong('Commands'),
    ...twoColumns(names, width),
    '',
    paint.strong('Flags of every command'),
    ...flagLines(globalFlags, {}, width),
    '',
    'More: mlflow-iam COMMAND --help',
    '      mlflow-iam help personas, or grants, agreement, exit-codes, environment',
  ].join('\n')
}

/** `mlflow-iam COMMAND --help`: one sentence, usage, examples, flags, exit codes. */
export function renderHelp(command: CommandSpec, { paint, width, ascii }: HelpIo): string {
  const own = Object.keys(command.flags) as FlagName[]
  const text = [
    ...wrapText(command.summary, width),
    '',
    ...usageLines(command, width),
    '',
    paint.strong('Examples'),
    ...command.examples.flatMap(([line, what]) => [`  mlflow-iam ${line}`, `      ${what}`]),
    ...(own.length > 0 ? ['', paint.strong('Flags'), ...flagLines(own, command.flags, width)] : []),
    '',
    paint.strong('Flags of every command'),
    ...flagLines(globalFlags, command.flags, width),
    '',
    'Exit codes: mlflow-iam help exit-codes',
  ].join('\n')
  return ascii ? inAscii(text) : text
}

/** Each form on a line of its own, going on under its first word where it is long. Brackets stay together. */
function usageLines({ usage }: CommandSpec, width: number): string[] {
  return usage
    .flatMap((form, index) => {
      const glued = form.replace(/\[[^\]]*\]|\([^)]*\)/g, (part) => part.replaceAll(' ', '\u00a0'))
      const [first = '', ...more] = wrapText(glued, Math.max(24, width - 18))
      return [
        `${index === 0 ? 'usage ' : '      '} mlflow-iam ${first}`,
        ...more.map((line) => `${' '.repeat(18)}${line}`),
      ]
    })
    .map((line) => line.replaceAll('\u00a0', ' '))
}

/** The exit codes, one a line. */
export function renderExitCodes({ width }: HelpIo): string {
  return twoColumns(Object.entries(exitCodeMeanings), width).join('\n')
}

/** Every flag of every command, one a line. */
export function renderFlags({ width }: HelpIo): string {
  return flagLines(Object.keys(flags) as FlagName[], {}, width).join('\n')
}

function flagLines(names: readonly FlagName[], own: CommandSpec['flags'], width: number): string[] {
  const rows = names.map((name) => {
    const spec: FlagSpec = { ...flags[name], ...own[name] }
    const value = spec.type === 'string' ? ` ${spec.value}` : ''
    return [`${spec.short ? `-${spec.short}, ` : '    '}--${name}${value}`, spec.summary] as const
  })
  return twoColumns(rows, width)
}

/** Pairs as two columns; the second wraps under itself. */
export function twoColumns(rows: readonly (readonly [string, string])[], width: number): string[] {
  const left = Math.min(28, Math.max(...rows.map(([name]) => name.length)))
  return rows.flatMap(([name, text]) => {
    const lines = wrapText(text, Math.max(20, width - left - 5))
    const first =
      name.length > left
        ? [`  ${name}`, `${' '.repeat(left + 4)}${lines[0]}`]
        : [`  ${name.padEnd(left)}  ${lines[0]}`]
    return [...first, ...lines.slice(1).map((line) => `${' '.repeat(left + 4)}${line}`)]
  })
}
