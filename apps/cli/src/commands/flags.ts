/** One flag as help, completion and the parser know it. */
export interface FlagSpec {
  readonly type: 'boolean' | 'string'
  readonly short?: string
  /** How its value is called in help: `FILE`. */
  readonly value?: string
  readonly multiple?: boolean
  readonly choices?: readonly string[]
  /** What completion offers: files, or the servers of the `grants.yaml` at hand. */
  readonly completes?: 'files' | 'servers'
  readonly summary: string
}

/** Every flag of every command. The same flag means the same thing wherever it is taken. */
export const flags = {
  file: {
    type: 'string',
    short: 'f',
    value: 'FILE',
    completes: 'files',
    summary: 'the grants file; - reads standard input',
  },
  profile: {
    type: 'string',
    value: 'NAME',
    multiple: true,
    summary: 'AWS profile, as the AWS CLI has it; again for each of several accounts',
  },
  region: { type: 'string', value: 'REGION', summary: 'AWS region' },
  'endpoint-url': { type: 'string', value: 'URL', summary: 'send every AWS call here' },
  sandbox: { type: 'boolean', summary: 'use the embedded account; nothing leaves this machine' },
  offline: { type: 'boolean', summary: 'assume an account that holds only what the file names' },
  snapshot: {
    type: 'string',
    value: 'FILE',
    completes: 'files',
    summary: 'read this saved snapshot instead of an account',
  },

  json: { type: 'boolean', summary: 'one JSON object on standard output, also on failure' },
  quiet: { type: 'boolean', short: 'q', summary: 'results and errors only' },
  verbose: {
    type: 'boolean',
    short: 'v',
    multiple: true,
    summary: 'say what is called; twice for request ids',
  },
  plain: { type: 'boolean', summary: 'line prompts and append-only output' },
  'no-input': { type: 'boolean', summary: 'never ask; exit 4 where an answer is needed' },
  color: {
    type: 'string',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    summary: 'colour (default auto)',
  },
  ascii: { type: 'boolean', summary: 'only characters that every terminal has' },
  help: { type: 'boolean', short: 'h', summary: 'show help' },
  version: { type: 'boolean', short: 'V', summary: 'show the version' },

  output: {
    type: 'string',
    short: 'o',
    value: 'FILE',
    completes: 'files',
    summary: 'write here; - is standard output',
  },
  force: { type: 'boolean', summary: 'replace files that exist' },
  format: { type: 'string', value: 'FORMAT', summary: 'how to print the result' },
  show: {
    type: 'string',
    value: 'VIEW',
    choices: ['summary', 'diff', 'commands', 'json', 'risk'],
    summary: 'what to print of the plan (default summary)',
  },
  prune: { type: 'boolean', summary: 'also revoke owned access of principals that the file does not list' },
  'detailed-exitcode': { type: 'boolean', summary: 'exit 2 when the plan changes something' },
  'fail-on': {
    type: 'string',
    value: 'LEVEL',
    choices: ['review', 'high'],
    summary: 'exit 10 when a finding has this level or more',
  },

  yes: { type: 'boolean', short: 'y', summary: 'agree to a plan that only adds' },
  confirm: {
    type: 'string',
    value: 'ALIAS',
    multiple: true,
    summary:
      'agree also to removals: the account alias, or its id where there is none; again for each account',
  },
  'allow-delete': {
    type: 'string',
    value: 'N',
    summary: 'let it delete up to N policies and roles (default 0)',
  },
  'on-error': {
    type: 'string',
    value: 'HOW',
    choices: ['stop', 'continue', 'rollback'],
    summary: 'after a failed call (default stop)',
  },
  concurrency: { type: 'string', value: 'N', summary: 'calls at once (default 4)' },
  journal: { type: 'string', value: 'FILE', completes: 'files', summary: 'where to keep the journal' },
  wait: { type: 'string', value: 'TIME', summary: 'how long to wait for AWS to settle, as 90s or 5m' },
  'dry-run': { type: 'boolean', summary: 'check everything, send nothing' },
  resume: { type: 'string', value: 'NAME', completes: 'files', summary: 'go on where it stopped' },

  'with-report': { type: 'boolean', summary: 'add the access report' },
  'with-readme': { type: 'boolean', summary: 'add a README' },
  yaml: { type: 'boolean', summary: 'CloudFormation as YAML (default)' },

  method: {
    type: 'string',
    value: 'HOW',
    choices: ['read', 'simulate'],
    summary: 'decide from what was read, or ask AWS to simulate (default read)',
  },
  strict: { type: 'boolean', summary: 'access from elsewhere is a difference too' },
  principal: {
    type: 'string',
    value: 'P',
    multiple: true,
    summary: 'only this principal: an ARN, user/ana, role/ci, …',
  },
  server: {
    type: 'string',
    value: 'S',
    multiple: true,
    completes: 'servers',
    summary: 'only this server: an ARN or a name',
  },
  redact: { type: 'boolean', summary: 'replace names by stable ids' },

  cloudtrail: {
    type: 'string',
    value: 'FILE',
    multiple: true,
    completes: 'files',
    summary: 'CloudTrail records, .json or .json.gz',
  },
  unused: {
    type: 'string',
    value: 'FILE',
    multiple: true,
    completes: 'files',
    summary: 'CloudTrail records: mark what is granted and was not used',
  },
  since: { type: 'string', value: 'DATE', summary: 'only use since this date counts' },
  denied: { type: 'string', value: 'TEXT', multiple: true, summary: 'an AccessDenied message' },

  name: { type: 'string', value: 'NAME', summary: 'name of the grants file' },
  port: { type: 'string', value: 'PORT', summary: 'port to listen on (default: a free one)' },
  state: {
    type: 'string',
    value: 'FILE',
    completes: 'files',
    summary: 'sandbox state to use instead of the usual one',
  },
  empty: { type: 'boolean', summary: 'start from an account that holds nothing' },
} as const satisfies Record<string, FlagSpec>

export type FlagName = keyof typeof flags

/** The flags that every command takes. */
export const globalFlags = [
  'file',
  'profile',
  'region',
  'endpoint-url',
  'sandbox',
  'offline',
  'snapshot',
  'json',
  'quiet',
  'verbose',
  'plain',
  'no-input',
  'color',
  'ascii',
  'help',
  'version',
] as const satisfies readonly FlagName[]

type ValueOf<Spec> = Spec extends { type: 'boolean' }
  ? Spec extends { multiple: true }
    ? readonly boolean[]
    : boolean
  : Spec extends { multiple: true }
    ? readonly string[]
    : string

/** What was given on the command line, by flag. */
export type FlagValues = { readonly [Name in FlagName]?: ValueOf<(typeof flags)[Name]> }
