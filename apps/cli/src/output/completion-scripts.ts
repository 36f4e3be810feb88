import type { CommandSpec } from '../commands/command.ts'
import { type FlagName, type FlagSpec, flags, globalFlags } from '../commands/flags.ts'
import { commands } from '../commands/index.ts'

interface Flag extends FlagSpec {
  readonly name: FlagName
}

function flagsOf(command: CommandSpec): readonly Flag[] {
  const own = Object.keys(command.flags) as FlagName[]
  return [...own, ...globalFlags].map((name) => ({ ...flags[name], ...command.flags[name], name }))
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

/** Completion for bash. Nothing is run on Tab: every word is in the script. */
export function renderBash(): string {
  const cases = commands.map((command) => {
    const all = flagsOf(command)
    const names = all.flatMap(({ name, short }) => [`--${name}`, ...(short ? [`-${short}`] : [])])
    const valued = all.flatMap(({ name, short, choices, completes, type }) => {
      if (type !== 'string') return []
      const pattern = [`--${name}`, ...(short ? [`-${short}`] : [])].join('|')
      if (choices) return [`        ${pattern}) words=${quote(choices.join(' '))} ;;`]
      return [completes === 'files' ? `        ${pattern}) files=1 ;;` : `        ${pattern}) return ;;`]
    })
    return [
      `    ${command.name})`,
      '      case "$previous" in',
      ...valued,
      `        *) words=${quote([...names, ...(command.words ?? [])].join(' '))}${command.arguments > 0 && !command.words ? '; [[ $current == -* ]] || files=1' : ''} ;;`,
      '      esac ;;',
    ].join('\n')
  })
  return `# bash completion for mlflow-iam
_mlflow_iam() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words='' files='' command='' word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      ${commands.map(({ name }) => name).join('|')}) command=$word; break ;;
    esac
  done
  case "$command" in
    '') words=${quote([...commands.map(({ name }) => name), ...globalFlags.map((name) => `--${name}`)].join(' '))} ;;
${cases.join('\n')}
  esac
  if [[ -n $files ]]; then
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current")
  else
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$words" -- "$current")
  fi
}
complete -o filenames -F _mlflow_iam mlflow-iam
`
}

/** Completion for zsh, with the one-line descriptions. */
export function renderZsh(): string {
  const inBrackets = (text: string) => text.replace(/[[\]\\:]/g, '\\$&')
  const list = commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`)
  const cases = commands.map((command) => {
    const specs = flagsOf(command).map(
      ({ name, short, type, value, choices, completes, multiple, summary }) => {
        const action = choices ? `(${choices.join(' ')})` : completes === 'files' ? '_files' : ''
        const argument = type === 'string' ? `:${value ?? ''}:${action}` : ''
        const forms = [`--${name}`, ...(short ? [`-${short}`] : [])]
        const exclusive = multiple ? '*' : `(${forms.join(' ')})`
        return forms
          .map((form) => `        ${quote(`${exclusive}${form}[${inBrackets(summary)}]${argument}`)} \\`)
          .join('\n')
      },
    )
    const rest = command.words ? `(${command.words.join(' ')})` : command.arguments > 0 ? '_files' : ''
    return `      ${command.name})\n      _arguments \\\n${specs.join('\n')}\n        ${quote(`*:argument:${rest}`)} ;;`
  })
  return `#compdef mlflow-iam
_mlflow_iam() {
  local -a commands
  commands=(
${list.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
  else
    shift words; (( CURRENT-- ))
    case "$words[1]" in
${cases.join('\n')}
    esac
  fi
}
compdef _mlflow_iam mlflow-iam
`
}

/** Completion for fish. */
export function renderFish(): string {
  const names = commands.map(({ name }) => name).join(' ')
  const lines = commands.flatMap((command) => [
    `complete -c mlflow-iam -f -n 'not __fish_seen_subcommand_from ${names}' -a ${command.name} -d ${quote(command.summary)}`,
    ...(command.words ?? []).map(
      (word) => `complete -c mlflow-iam -f -n '__fish_seen_subcommand_from ${command.name}' -a ${word}`,
    ),
    ...flagsOf(command).map(({ name, short, type, choices, completes, summary }) => {
      const value =
        type !== 'string'
          ? ''
          : choices
            ? ` -x -a ${quote(choices.join(' '))}`
            : completes === 'files'
              ? ' -r -F'
              : ' -x'
      return `complete -c mlflow-iam -n '__fish_seen_subcommand_from ${command.name}' -l ${name}${short ? ` -s ${short}` : ''}${value} -d ${quote(summary)}`
    }),
  ])
  return `# fish completion for mlflow-iam\n${lines.join('\n')}\n`
}
