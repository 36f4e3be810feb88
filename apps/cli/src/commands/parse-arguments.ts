import { parseArgs } from 'node:util'
import type { Problem } from '@mlflow-iam/core/problem'
import type { CommandSpec } from './command.ts'
import { type FlagName, type FlagSpec, type FlagValues, flags, globalFlags } from './flags.ts'
import { commands, findCommand } from './index.ts'
import { usageProblem } from './usage-problem.ts'

export interface ParsedArguments {
  /** Absent for `mlflow-iam` alone, or with only `--help` or `--version`. */
  readonly command: CommandSpec | undefined
  readonly arguments: readonly string[]
  readonly flags: FlagValues
}

/** Reads a command line against the command table. Throws a Problem with exit 3 for anything it does not take. */
export function parseArguments(argv: readonly string[]): ParsedArguments {
  const { values, positionals } = parse(argv)
  const [name, ...rest] = positionals
  const given = Object.keys(values) as FlagName[]
  if (name === undefined) {
    const setup = findCommand('setup')
    const needsSetup = given.some((flag) => flag !== 'help' && flag !== 'version')
    if (setup && needsSetup) checkFlags(setup, given, values)
    return { command: undefined, arguments: [], flags: values }
  }
  const command = findCommand(name)
  if (!command) throw unknownCommand(name)
  checkFlags(command, given, values)
  if (values.help !== true) checkWords(command, rest)
  return { command, arguments: rest, flags: values }
}

function parse(argv: readonly string[]): { values: FlagValues; positionals: string[] } {
  const options: Record<string, { type: 'boolean' | 'string'; short?: string; multiple?: boolean }> = {}
  for (const [name, { type, short, multiple }] of Object.entries(flags) as [FlagName, FlagSpec][]) {
    options[name] = { type, ...(short ? { short } : {}), ...(multiple ? { multiple } : {}) }
  }
  try {
    // The options are the flag table, so the values are its values.
    const { values, positionals } = parseArgs({
      args: [...argv],
      options,
      allowPositionals: true,
      strict: true,
    })
    return { values: values as FlagValues, positionals }
  } catch (error) {
    throw badUsage(error, argv)
  }
}

/** Node's own message is good; only the suggestion for a mistyped flag is ours. */
function badUsage(error: unknown, argv: readonly string[]): unknown {
  if (!(error instanceof TypeError) || !('code' in error)) return error
  const code = String(error.code)
  if (!code.startsWith('ERR_PARSE_ARGS_')) return error
  const unknown = /^Unknown option '(-[^']*)'/.exec(error.message)?.[1]
  if (unknown === undefined) {
    const what = `${firstSentence(error.message)}.`
    return usageProblem(what, 'The command line could not be read.', helpLine(argv))
  }
  const close = closest(unknown.replace(/^-+/, ''), Object.keys(flags))
  return usageProblem(
    `Unknown flag ${unknown}.`,
    'No command takes it.',
    close ? `Did you mean --${close}?` : helpLine(argv),
  )
}

function firstSentence(message: string): string {
  return message.split(/\.\s|\n/)[0]?.replace(/\.$/, '') ?? message
}

function helpLine(argv: readonly string[]): string {
  const command = argv.find((word) => findCommand(word) !== undefined)
  return command ? `See: mlflow-iam ${command} --help` : 'See: mlflow-iam --help'
}

function unknownCommand(name: string): Problem {
  const close = closest(
    name,
    commands.map((command) => command.name),
  )
  return usageProblem(
    `There is no command ${JSON.stringify(name)}.`,
    `Commands are ${commands.map((command) => command.name).join(', ')}.`,
    close ? `Did you mean: mlflow-iam ${close}` : 'See: mlflow-iam --help',
  )
}

function checkFlags(command: CommandSpec, given: readonly FlagName[], values: FlagValues): void {
  for (const name of given) {
    const own = command.flags[name]
    if (!own && !(globalFlags as readonly string[]).includes(name)) {
      throw usageProblem(
        `mlflow-iam ${command.name} takes no --${name}.`,
        `It is a flag of ${commands
          .filter((each) => each.flags[name])
          .map((each) => each.name)
          .join(', ')}.`,
        `See: mlflow-iam ${command.name} --help`,
      )
    }
    const spec: FlagSpec = { ...flags[name], ...own }
    const value = values[name]
    if (spec.choices && typeof value === 'string' && !spec.choices.includes(value)) {
      const close = closest(value, spec.choices)
      throw usageProblem(
        `--${name} ${JSON.stringify(value)} is not one of its values.`,
        `--${name} takes ${spec.choices.join(', ')}.`,
        close ? `Did you mean --${name} ${close}?` : `Use one of them.`,
      )
    }
    if (value === '' || (Array.isArray(value) && value.includes('')))
      throw usageProblem(`--${name} is empty.`, 'It needs a value.', `Give --${name} ${spec.value}.`)
  }
}

function checkWords(command: CommandSpec, words: readonly string[]): void {
  const extra = words[command.arguments]
  if (extra === undefined) return
  const isFile = /^[\w./-]+\.(ya?ml|json)$/i.test(extra) && command.arguments === 0
  throw usageProblem(
    `mlflow-iam ${command.name} does not take ${JSON.stringify(extra)}.`,
    command.arguments === 0 ? 'It takes flags only.' : `It takes at most ${command.arguments} argument.`,
    isFile
      ? `A grants file is given with -f: mlflow-iam ${command.name} -f ${extra}`
      : `See: mlflow-iam ${command.name} --help`,
  )
}

/** The candidate at most two edits away, or undefined. Small on purpose: this is loaded at every start. */
function closest(word: string, candidates: readonly string[]): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined
  for (const name of candidates) {
    const distance = editDistance(word.toLowerCase(), name)
    if (distance <= Math.min(2, name.length - 1) && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) {
      best = { name, distance }
    }
  }
  return best?.name
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, swap))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
