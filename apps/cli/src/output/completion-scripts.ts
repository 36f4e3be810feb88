import { mlflowActions } from '@mlflow-iam/core/catalog/actions'
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

/** Words that may stand after a command's name. */
function wordsOf(command: CommandSpec): readonly string[] {
  if (command.completes === 'actions') return mlflowActions.map(({ bare }) => bare)
  const words = command.words ?? []
  return command.name === 'help' ? [...commands.map(({ name }) => name), ...words] : words
}

function takesFiles(command: CommandSpec): boolean {
  return command.arguments > 0 && !command.words && !command.completes
}

/** Prints the keys of `servers` of the grants file at hand, one a line: all that completion ever reads. */
const listServers = `awk '/^servers:/ { inside = 1; next } /^[^ #]/ { inside = 0 } inside && /^  [A-Za-z0-9]/ { sub(/:.*/, ""); sub(/^ +/, ""); print }' grants.yaml 2>/dev/null`

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

/** Completion for bash. The program is not run on Tab: its words are in the script. */
export function renderBash(): string {
  const cases = commands.map((command) => {
    const all = flagsOf(command)
    const names = all.flatMap(({ name, short }) => [`--${name}`, ...(short ? [`-${short}`] : [])])
    const valued = all.flatMap(({ name, short, choices, completes, type }) => {
      if (type !== 'string') return []
      const pattern = [`--${name}`, ...(short ? [`-${short}`] : [])].join('|')
      if (choices) return [`        ${pattern}) words=${quote(choices.join(' '))} ;;`]
      if (completes === 'servers') return [`        ${pattern}) words=$(${listServers}) ;;`]
      return [completes === 'files' ? `        ${pattern}) files=1 ;;` : `        ${pattern}) return ;;`]
    })
    return [
      `    ${command.name})`,
      '      case "$previous" in',
      ...valued,
      `        *) words=${quote([...names, ...wordsOf(command)].join(' '))}${takesFiles(command) ? '; [[ $current == -* ]] || files=1' : ''} ;;`,
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

const zshActions = { files: '_files', servers: '_mlflow_iam_servers', nothing: '' } as const

/** Completion for zsh, with the one-line descriptions. */
export function renderZsh(): string {
  const inBrackets = (text: string) => text.replace(/[[\]\\:]/g, '\\$&')
  const list = commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`)
  const cases = commands.map((command) => {
    const specs = flagsOf(command).map(
      ({ name, short, type, value, choices, completes, multiple, summary }) => {
        const action = choices ? `(${choices.join(' ')})` : zshActions[completes ?? 'nothing']
        const argument = type === 'string' ? `:${value ?? ''}:${action}` : ''
        const forms = [`--${name}`, ...(short ? [`-${short}`] : [])]
        const exclusive = multiple ? '*' : `(${forms.join(' ')})`
        return forms
          .map((form) => `        ${quote(`${exclusive}${form}[${inBrackets(summary)}]${argument}`)} \\`)
          .join('\n')
      },
    )
    const words = wordsOf(command)
    const rest = words.length > 0 ? `(${words.join(' ')})` : takesFiles(command) ? '_files' : ''
    // An argument without anything to offer would keep zsh from inserting the only match.
    const lines = rest === '' ? specs : [...specs, `        ${quote(`*:argument:${rest}`)} \\`]
    return `      ${command.name})\n      _arguments \\\n${lines.join('\n').replace(/ \\$/, '')} ;;`
  })
  return `#compdef mlflow-iam
_mlflow_iam_servers() {
  local -a servers
  servers=(\${(f)"$(${listServers})"})
  compadd -a servers
}
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
# From a folder in fpath this file is the function itself; sourced, it has to be made known.
if [[ $funcstack[1] == _mlflow-iam ]]; then _mlflow_iam "$@"; else compdef _mlflow_iam mlflow-iam; fi
`
}

/** Completion for fish. */
export function renderFish(): string {
  const names = commands.map(({ name }) => name).join(' ')
  const lines = commands.flatMap((command) => [
    `complete -c mlflow-iam -f -n 'not __fish_seen_subcommand_from ${names}' -a ${command.name} -d ${quote(command.summary)}`,
    ...wordsOf(command).map(
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
              : completes === 'servers'
                ? ` -x -a ${quote(`(${listServers})`)}`
                : ' -x'
      return `complete -c mlflow-iam -n '__fish_seen_subcommand_from ${command.name}' -l ${name}${short ? ` -s ${short}` : ''}${value} -d ${quote(summary)}`
    }),
  ])
  return `# fish completion for mlflow-iam\n${lines.join('\n')}\n`
}
