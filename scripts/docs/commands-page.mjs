import { code, generated, table } from './table.mjs'

/** Every command with its usage, flags and examples, from the table that the program itself reads. */
export function renderCommands({ commands, flags, globalFlags, exitCodeMeanings }) {
  return `${generated('apps/cli/src/commands')}

# Commands

\`mlflow-iam\` alone in a terminal opens the wizard. \`mlflow-iam COMMAND --help\` says what stands here;
\`mlflow-iam completion bash|zsh|fish\` prints completion for your shell, and \`mlflow-iam help man\` the manual page.

${table(
  ['command', 'does'],
  commands.map(({ name, summary }) => [`[${code(name)}](#${name})`, summary]),
)}

## Flags of every command

${flagTable(globalFlags, {}, flags)}

AWS settings come from where the AWS CLI takes them: profiles, SSO, process and web-identity credentials, \`AWS_*\`
variables.

${commands.map((command) => section(command, flags)).join('\n\n')}

## Exit status

${table(['code', 'meaning'], Object.entries(exitCodeMeanings))}
`
}

function section({ name, summary, usage, examples, flags: own }, flags) {
  const lines = [
    ...usage.map((line) => `mlflow-iam ${line}`),
    '',
    ...examples.flatMap(([line, what]) => [`# ${what}`, `mlflow-iam ${line}`]),
  ]
  const parts = [`## ${name}`, summary, `\`\`\`text\n${lines.join('\n')}\n\`\`\``]
  const names = Object.keys(own)
  return [...parts, ...(names.length > 0 ? [flagTable(names, own, flags)] : [])].join('\n\n')
}

function flagTable(names, own, flags) {
  return table(
    ['flag', 'meaning'],
    names.map((name) => {
      const { short, value, type, summary, choices } = { ...flags[name], ...own[name] }
      const forms = [...(short ? [`-${short}`] : []), `--${name}${type === 'string' ? ` ${value}` : ''}`]
      const words = choices?.filter((choice) => !summary.includes(choice)) ?? []
      return [
        code(forms.join(', ')),
        words.length > 0 ? `${summary}: ${choices.map(code).join(', ')}` : summary,
      ]
    }),
  )
}
