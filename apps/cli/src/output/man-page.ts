import type { CommandSpec } from '../commands/command.ts'
import { type FlagName, type FlagSpec, flags, globalFlags } from '../commands/flags.ts'
import { commands } from '../commands/index.ts'
import { version } from '../version.ts'
import { exitCodeMeanings } from './help.ts'

/** `mlflow-iam help man`: the manual page, from the same table as the help. */
export function renderManPage(): string {
  return [
    `.TH MLFLOW\\-IAM 1 "" "mlflow\\-iam ${roff(version)}"`,
    '.SH NAME',
    'mlflow\\-iam \\- sets up, reviews, applies and proves AWS IAM access for MLflow on Amazon SageMaker AI',
    '.SH SYNOPSIS',
    '.B mlflow\\-iam',
    '[COMMAND] [FLAGS]',
    '.SH COMMANDS',
    ...commands.flatMap(commandSection),
    '.SH FLAGS OF EVERY COMMAND',
    ...globalFlags.flatMap((name) => flagParagraph(name, flags[name])),
    '.SH EXIT STATUS',
    ...Object.entries(exitCodeMeanings).flatMap(([code, meaning]) => ['.TP', `.B ${code}`, roff(meaning)]),
    '',
  ].join('\n')
}

function commandSection({ name, summary, usage, examples, flags: own }: CommandSpec): string[] {
  return [
    `.SS ${roff(name)}`,
    roff(summary),
    ...usage.flatMap((line) => ['.PP', `.B mlflow\\-iam ${roff(line)}`]),
    ...(Object.keys(own) as FlagName[]).flatMap((flag) =>
      flagParagraph(flag, { ...flags[flag], ...own[flag] }),
    ),
    ...examples.flatMap(([line, what]) => ['.PP', `${roff(what)}:`, '.br', `mlflow\\-iam ${roff(line)}`]),
  ]
}

function flagParagraph(name: FlagName, { short, value, summary }: FlagSpec): string[] {
  const names = `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
  return ['.TP', `.B ${roff(names)}`, roff(summary)]
}

/** roff reads `-` as a hyphen, `\` as an escape, and a leading `.` or `'` as a request. */
function roff(text: string): string {
  return text
    .replace(/\\/g, '\\e')
    .replace(/-/g, '\\-')
    .replace(/^(['.])/, '\\&$1')
}
