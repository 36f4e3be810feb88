import type { Io } from './io.ts'
import { wrapText } from './table.ts'

type HelpIo = Pick<Io, 'paint' | 'width'>

/** What `help TOPIC` knows beside the commands, by topic. Each is loaded only when it is asked for. */
export const helpTopics: Readonly<Record<string, (io: HelpIo) => Promise<string>>> = {
  personas: async ({ paint, width }) => {
    const { builtInPersonas } = await import('@mlflow-iam/core/personas/built-in')
    const { twoColumns } = await import('./help.ts')
    const rows = builtInPersonas.map(({ name, purpose }) => [name, purpose] as const)
    const end =
      'What each may do: mlflow-iam catalog personas --json. Your own go under `personas` in the grants file.'
    return [
      paint.strong('Personas: named sets of actions'),
      ...twoColumns(rows, width),
      '',
      ...wrapText(end, width),
    ].join('\n')
  },
  grants: async ({ width }) => `${grantsFile}\n${paragraphs(grantsNotes, width)}`,
  agreement: async ({ width }) => paragraphs(agreement, width),
  environment: async ({ paint, width }) => {
    const { twoColumns } = await import('./help.ts')
    return [paint.strong('Variables that are read'), ...twoColumns(variables, width)].join('\n')
  },
  'exit-codes': async (io) => (await import('./help.ts')).renderExitCodes(io),
  flags: async (io) => (await import('./help.ts')).renderFlags(io),
  man: async () => (await import('./man-page.ts')).renderManPage(),
  schema: async () => {
    const { grantsJsonSchema } = await import('@mlflow-iam/core/grants/json-schema')
    return JSON.stringify(grantsJsonSchema(), null, 2)
  },
}

function paragraphs(texts: readonly string[], width: number): string {
  return texts.map((text) => wrapText(text, width).join('\n')).join('\n\n')
}

const grantsFile = `version: 1
name: ml-platform              # owner mark: other files never touch this one's objects
account: "123456789012"        # refuse to act when signed in elsewhere
region: eu-west-1
servers:
  ml-dev: {}
  ml-prod: {}
grants:
  - to: [user/ana, group/ml-reviewers]
    persona: data-scientist
    on: [ml-dev, ml-prod]      # left out: every server listed
    add: [DeleteRun]
    remove: [DeleteTag]
    until: 2030-03-31
`

const grantsNotes = [
  'A grant gives (persona + add) - remove; several grants of one principal and server add up. A grant that is gone, or past its until, is taken away when the file is next applied. Principals that the file does not list are left alone, unless with --prune.',
  '`to` takes user/, group/, role/, profile/DOMAIN/NAME, domain/DOMAIN, permission-set/ and full ARNs.',
  'See also: mlflow-iam init writes a file from the account, mlflow-iam check finds mistakes, mlflow-iam help schema prints the JSON Schema for editors.',
]

const agreement = [
  'Nothing is written without an agreement that fits the plan.',
  '--yes agrees to a plan that only adds. --confirm ALIAS agrees to any plan; ALIAS must be the alias of the account (its id where it has none), so that nobody confirms the wrong account by habit. It is needed when an operation removes something, when a change leaves a principal fewer actions, and when a finding is high.',
  '--allow-delete N lets it delete up to N policies and roles; detaching and old versions do not count.',
  'With several accounts all are agreed to before anything is sent in any: each account that needs a confirmation has a --confirm of its own, and --allow-delete counts the deletions of all.',
  'In a terminal the same is asked. Without a terminal and without a flag, a plan that changes something exits 4 and changes nothing; a plan without changes exits 0.',
]

const variables: readonly (readonly [string, string])[] = [
  ['AWS_*', 'profile, Region, credentials and endpoints, as the AWS CLI reads them'],
  ['HTTPS_PROXY, HTTP_PROXY, NO_PROXY', 'by which proxy AWS is reached, and what goes past it'],
  ['AWS_CA_BUNDLE', 'a file of certificates to trust instead of the usual ones'],
  ['XDG_STATE_HOME', 'where drafts and the sandbox are kept (default ~/.local/state)'],
  ['NO_COLOR, FORCE_COLOR', 'no colour, or colour also into a pipe; --color wins'],
  ['COLUMNS', 'how wide to print'],
  ['LC_ALL, LC_CTYPE, LANG', 'whether the terminal speaks UTF-8; else as with --ascii'],
]
