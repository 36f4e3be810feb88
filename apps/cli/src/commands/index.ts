import { exportFormats } from '@mlflow-iam/core/export/exporter'
import type { CommandSpec } from './command.ts'

const formats = Object.keys(exportFormats)
const agreement = { yes: {}, confirm: {}, 'allow-delete': {} }

/** Every command, in the order that help lists them. Each is loaded only when it runs. */
export const commands: readonly CommandSpec[] = [
  {
    name: 'setup',
    summary:
      'Opens the wizard: choose servers, people and personas, see the exact changes, apply or export them.',
    usage: ['setup [--sandbox] [--plain] [--resume NAME]'],
    examples: [
      ['setup --sandbox', 'try everything on the embedded account'],
      ['setup --resume onboarding', 'go on with a draft'],
    ],
    flags: { resume: { value: 'NAME', summary: 'go on with this draft' } },
    arguments: 0,
    load: () => import('./setup.ts'),
  },
  {
    name: 'check',
    summary: 'Validates a grants file, offline.',
    usage: ['check -f FILE'],
    examples: [
      ['check -f grants.yaml', 'all errors at once, with line and column'],
      ['check -f grants.yaml --json', 'the same for programs'],
    ],
    flags: {},
    arguments: 0,
    load: () => import('./check.ts'),
  },
  {
    name: 'plan',
    summary: 'Shows what would change; reads only.',
    usage: ['plan -f FILE [-o plan.json] [--show VIEW] [--prune] [--detailed-exitcode] [--fail-on LEVEL]'],
    examples: [
      ['plan -f grants.yaml --sandbox', 'try a file on the embedded account'],
      ['plan -f grants.yaml --show commands', 'the AWS commands that would do the same'],
      ['plan -f grants.yaml -o plan.json --detailed-exitcode', 'in a pipeline: 2 means changes'],
      ['plan -f grants.yaml --profile dev --profile prod', 'several accounts, a line for each'],
    ],
    flags: {
      output: { value: 'FILE', summary: 'save the plan here, for apply, export and verify' },
      force: {},
      show: {},
      prune: {},
      'detailed-exitcode': {},
      'fail-on': {},
      unused: {},
      since: {},
    },
    arguments: 0,
    load: async () => (await import('./on-account.ts')).plan,
  },
  {
    name: 'apply',
    summary: 'Carries a plan out, writing a journal that can be resumed or rolled back.',
    usage: [
      'apply PLAN [--yes | --confirm ALIAS] [--allow-delete N] [--dry-run]',
      'apply -f FILE [--prune] [--yes | --confirm ALIAS]',
      'apply --resume JOURNAL',
    ],
    examples: [
      ['apply plan.json --yes', 'a saved plan that only adds'],
      ['apply -f grants.yaml --confirm ml-prod', 'one that also removes: repeat the account alias'],
      ['apply -f grants.yaml --confirm ml-dev --confirm ml-prod', 'several accounts, each by its name'],
      ['apply --resume mlflow-iam-7c1e5f209ab3.journal.jsonl', 'go on after an interruption'],
    ],
    flags: {
      prune: {},
      ...agreement,
      'on-error': {},
      concurrency: {},
      journal: {},
      wait: {},
      'dry-run': {},
      resume: { value: 'JOURNAL', summary: 'go on with this journal' },
    },
    arguments: 1,
    load: async () => (await import('./on-account.ts')).apply,
  },
  {
    name: 'rollback',
    summary: 'Undoes what an apply did, shown as a plan first.',
    usage: ['rollback JOURNAL [--yes | --confirm ALIAS] [--allow-delete N]'],
    examples: [['rollback mlflow-iam-7c1e5f209ab3.journal.jsonl', 'shows what it would undo, then asks']],
    flags: { ...agreement, journal: {}, concurrency: {}, 'on-error': {}, wait: {}, 'dry-run': {} },
    arguments: 1,
    load: async () => (await import('./on-account.ts')).rollback,
  },
  {
    name: 'export',
    summary: 'Writes a plan as a script, template or module for someone else to run.',
    usage: [
      'export (PLAN | -f FILE [--prune]) --format FORMAT -o DIR [--with-report] [--with-readme] [--force]',
    ],
    examples: [
      ['export -f grants.yaml --format shell -o handover', 'apply.sh, rollback.sh and the policies'],
      ['export plan.json --format cloudformation -o -', 'one template on standard output'],
    ],
    flags: {
      format: { choices: formats, summary: formats.join(', ') },
      output: { value: 'DIR', summary: 'the folder to write; - prints the one file of a one-file format' },
      prune: {},
      force: {},
      'with-report': {},
      'with-readme': {},
      yaml: {},
    },
    arguments: 1,
    load: () => import('./export.ts'),
  },
  {
    name: 'verify',
    summary: 'Says whether the account gives exactly this access.',
    usage: [
      'verify (PLAN | -f FILE [--prune]) [--method HOW] [--strict] [--wait TIME] [--format FORMAT] [-o FILE]',
    ],
    examples: [
      ['verify -f grants.yaml', 'exit 9 names each difference'],
      ['verify -f grants.yaml --format junit -o access.xml', 'for a pipeline'],
    ],
    flags: {
      prune: { summary: 'owned access of principals that the file does not list is a difference too' },
      method: {},
      strict: {},
      wait: {},
      format: {
        choices: ['table', 'json', 'csv', 'junit', 'html'],
        summary: 'table, json, csv, junit or html (default table)',
      },
      output: {},
      force: {},
    },
    arguments: 1,
    load: async () => (await import('./on-account.ts')).verify,
  },
  {
    name: 'show',
    summary: 'Lists who can do what today, whoever granted it.',
    usage: ['show [--format FORMAT] [--principal P] [--server S] [--redact] [-o FILE]'],
    examples: [
      ['show --principal user/ana', 'one person on every server'],
      ['show --format html -o access-review.html', 'a report to sign'],
    ],
    flags: {
      format: {
        choices: ['table', 'json', 'csv', 'html'],
        summary: 'table, json, csv or html (default table)',
      },
      principal: {},
      server: {},
      redact: {},
      output: {},
      force: {},
    },
    arguments: 0,
    load: async () => (await import('./on-account.ts')).show,
  },
  {
    name: 'explain',
    summary: 'Says what an action, an MLflow function or an AccessDenied message needs, who has it, and why.',
    usage: ['explain QUERY… [--principal P] [--server S]'],
    examples: [
      ['explain mlflow.log_model', 'the actions and artifact access it needs'],
      ['explain LogMetric --principal user/ana --server ml-dev', 'which statement decides'],
    ],
    flags: { principal: {}, server: {} },
    arguments: Number.POSITIVE_INFINITY,
    completes: 'actions',
    load: async () => (await import('./on-account.ts')).explain,
  },
  {
    name: 'suggest',
    summary: 'Finds the least grants for Python code, notebooks, CloudTrail records or denials.',
    usage: [
      'suggest SOURCE… [--denied TEXT]',
      'suggest --cloudtrail FILE… [-f grants.yaml] [--since DATE] [-o FILE]',
    ],
    examples: [
      ['suggest train.py notebooks/', 'what this code needs'],
      ['suggest --cloudtrail events.json.gz', 'what was really called, by whom'],
      [
        'suggest --cloudtrail AWSLogs/ -f grants.yaml --since 2026-08-01',
        'what is granted and not used, and the change that takes it away',
      ],
    ],
    flags: {
      cloudtrail: {
        summary: 'CloudTrail records, .json or .json.gz; a folder of them, or - for standard input',
      },
      since: {},
      output: { summary: 'write the narrowed grants file here; - is standard output' },
      force: {},
      denied: {},
      principal: {},
      server: {},
    },
    arguments: Number.POSITIVE_INFINITY,
    load: () => import('./suggest.ts'),
  },
  {
    name: 'init',
    summary: 'Writes a grants file from what the account has.',
    usage: ['init [-o grants.yaml] [--name NAME]'],
    examples: [['init -o grants.yaml', 'a file that changes nothing, to start from']],
    flags: { output: { summary: 'write here instead of standard output' }, name: {}, force: {} },
    arguments: 0,
    load: async () => (await import('./on-account.ts')).init,
  },
  {
    name: 'snapshot',
    summary: 'Saves what was read from the account, for plan, show and verify without it.',
    usage: ['snapshot -o FILE [--force]'],
    examples: [['snapshot -o account.json', 'then: mlflow-iam plan -f grants.yaml --snapshot account.json']],
    flags: { output: {}, force: {} },
    arguments: 0,
    load: async () => (await import('./on-account.ts')).snapshot,
  },
  {
    name: 'catalog',
    summary: 'Prints the reference data: actions, personas or MLflow functions.',
    usage: ['catalog [actions|personas|functions] [--json]'],
    examples: [
      ['catalog personas', 'what each persona may do'],
      ['catalog actions --json', 'every action as JSON'],
    ],
    flags: { format: { choices: ['table', 'json'], summary: 'table or json (default table)' } },
    words: ['actions', 'personas', 'functions'],
    arguments: 1,
    load: () => import('./catalog.ts'),
  },
  {
    name: 'sandbox',
    summary: 'Serves the embedded account on a loopback port, or puts it back as it was.',
    usage: ['sandbox serve [--port PORT] [--state FILE] [--empty]', 'sandbox reset [--empty]'],
    examples: [
      ['sandbox serve', 'then: aws iam list-users --endpoint-url URL'],
      ['sandbox reset', 'back to the seeded team'],
    ],
    flags: { port: {}, state: {}, empty: {} },
    words: ['serve', 'reset'],
    arguments: 1,
    load: () => import('./sandbox.ts'),
  },
  {
    name: 'completion',
    summary: 'Prints shell completion.',
    usage: ['completion bash|zsh|fish'],
    examples: [
      ['completion bash > ~/.local/share/bash-completion/completions/mlflow-iam', 'install it for bash'],
    ],
    flags: {},
    words: ['bash', 'zsh', 'fish'],
    arguments: 1,
    load: () => import('./completion.ts'),
  },
  {
    name: 'help',
    summary: 'Explains a command or a topic.',
    usage: ['help [COMMAND | TOPIC]'],
    examples: [
      ['help apply', 'one command'],
      ['help exit-codes', 'what each exit code means'],
      ['help agreement', 'what --yes and --confirm agree to'],
      ['help man > mlflow-iam.1', 'the manual page'],
    ],
    flags: {},
    words: ['personas', 'grants', 'agreement', 'exit-codes', 'environment', 'flags', 'man', 'schema'],
    arguments: 1,
    load: () => import('./help.ts'),
  },
]

/** Finds a command by its exact name. */
export function findCommand(name: string): CommandSpec | undefined {
  return commands.find((command) => command.name === name)
}
