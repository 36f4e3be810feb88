import type { Request } from '../../plan/operation.ts'
import { awsOptionLines, awsVerb } from '../aws-command.ts'
import { cliJson, isPlainJson } from '../cli-json.ts'
import { quoteForShell } from '../shell-quote.ts'
import { documentOf, type Part, type Word } from '../steps/part.ts'

/** The parts of a step as lines of a bash function; documents keep their bytes. */
export function printParts(parts: readonly Part[]): readonly string[] {
  const lines: string[] = []
  for (const part of parts) lines.push(...printPart(part, lines.length === 0))
  return lines
}

function printPart(part: Part, first: boolean): readonly string[] {
  switch (part.part) {
    case 'document':
      return documentLines(part.text, first ? 'local ' : '')
    case 'look':
      return [printLook(part.check, part.words.map(wordOf))]
    case 'send':
      return [printSend(part)]
    case 'keep-version':
      return ['local made=$' + '{version:-VERSION_THAT_APPLY_MADE}']
    case 'detached':
      return [`remember_detached ${quoteForShell(part.policy)}`]
    case 'wait-for-provisioning':
      return [`wait_for_provisioning ${quoteForShell(part.instance)}`]
    case 'wait-for-profile':
      return [`wait_for_profile ${[part.region, part.domain, part.profile].map(quoteForShell).join(' ')}`]
  }
}

function documentLines(text: string, local: string): readonly string[] {
  const lines = [`${local}document=${quoteForShell(text)}`]
  return isPlainJson(text) ? lines : [...lines, `${local}stored=${quoteForShell(cliJson(text))}`]
}

function wordOf(word: Word): string {
  if (typeof word === 'string') return quoteForShell(word)
  if ('document' in word) return '"$document"'
  return isPlainJson(word.stored) ? '"$(compact "$document")"' : '"$stored"'
}

/** The line that leaves a step when there is nothing to do. */
function printLook(check: string, words: readonly string[]): string {
  const line = `${[check, ...words].join(' ')} || return 0`
  return line.length <= 100 ? line : `${[check, ...words].join(' \\\n    ')} || return 0`
}

/** `send aws iam create-policy \` and the options, each on its line. */
function printSend({ request, unless, answer, region }: Part & { readonly part: 'send' }): string {
  const head = unless === undefined ? 'send' : `send_unless ${unless.code} ${quoteForShell(unless.says)}`
  const query = answer === undefined ? [] : [`  --query ${answer}`, '  --output text']
  const place = region === undefined ? [] : [`  --region ${quoteForShell(region)}`]
  const options = awsOptionLines(request, namesOf(request))
  const lines = [`${head} aws ${awsVerb(request)}`, ...options, ...place, ...query]
  return `${lines.join(' \\\n  ')}${unless === undefined ? '' : ' || return 0'}`
}

function namesOf(request: Request): ReadonlyMap<string, string> {
  const document = documentOf(request)
  return new Map(document === undefined ? [] : [[document, '"$document"']])
}
