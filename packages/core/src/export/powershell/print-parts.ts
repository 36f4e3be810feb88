import type { Value } from '../../plan/operation.ts'
import { awsArguments, isFromAnswer } from '../aws-arguments.ts'
import { cliJson, isPlainJson } from '../cli-json.ts'
import { type Check, documentOf, type Part, type Word } from '../steps/part.ts'
import { hereString, quoteForPowerShell } from './quote.ts'

const checks: Readonly<Record<Check, string>> = {
  needs_policy: 'Test-NeedsPolicy',
  needs_version: 'Test-NeedsVersion',
  needs_default: 'Test-NeedsDefault',
  needs_role: 'Test-NeedsRole',
  needs_trust: 'Test-NeedsTrust',
  needs_attachment: 'Test-NeedsAttachment',
  needs_profile: 'Test-NeedsProfile',
  needs_inline: 'Test-NeedsInline',
  says_inline: 'Test-SaysInline',
  lacks_inline: 'Test-LacksInline',
  made_by_us: 'Test-MadeByUs',
  unused: 'Test-Unused',
  role_is_ours: 'Test-RoleIsOurs',
  trust_is_ours: 'Test-TrustIsOurs',
}

/** The parts of a step as lines of a PowerShell function; documents keep their bytes. */
export function printParts(parts: readonly Part[]): readonly string[] {
  return parts.flatMap(printPart)
}

function printPart(part: Part): readonly string[] {
  switch (part.part) {
    case 'document':
      return documentLines(part.text)
    case 'look':
      return printLook(checks[part.check], part.words.map(wordOf))
    case 'send':
      return printSend(part)
    case 'keep-version':
      return ["$made = if ($script:Version) { $script:Version } else { 'VERSION_THAT_APPLY_MADE' }"]
    case 'detached':
      return [`Add-Detached ${quoteForPowerShell(part.policy)}`]
    case 'wait-for-provisioning':
      return [`Wait-Provisioning ${quoteForPowerShell(part.instance)}`]
    case 'wait-for-profile':
      return [`Wait-Profile ${[part.region, part.domain, part.profile].map(quoteForPowerShell).join(' ')}`]
  }
}

/** The line that leaves a step when there is nothing to do. */
function printLook(check: string, words: readonly string[]): readonly string[] {
  const line = `if (-not (${[check, ...words].join(' ')})) { return }`
  if (line.length <= 100) return [line]
  const call = [`$needed = ${check}`, ...words.map((word) => `    ${word}`)].join(' `\n    ')
  return [call, 'if (-not $needed) { return }']
}

function documentLines(text: string): readonly string[] {
  const lines = [`$document = ${hereString(text)}`]
  return isPlainJson(text) ? lines : [...lines, `$stored = ${quoteForPowerShell(cliJson(text))}`]
}

function wordOf(word: Word): string {
  if (typeof word === 'string') return quoteForPowerShell(word)
  if ('document' in word) return '$document'
  return isPlainJson(word.stored) ? '(ConvertTo-Stored $document)' : '$stored'
}

function printSend({ request, unless, answer, region }: Part & { readonly part: 'send' }): readonly string[] {
  const { service, command, options } = awsArguments(request)
  const document = documentOf(request)
  const quoted = (word: Value) =>
    isFromAnswer(word) ? '$made' : word === document ? '$document' : quoteForPowerShell(word)
  const words = options.map(({ flag, words }) => {
    const [only] = words
    if (typeof only === 'string' && only.startsWith('-')) return quoteForPowerShell(`${flag}=${only}`)
    return [quoteForPowerShell(flag), ...words.map(quoted)].join(', ')
  })
  const place = region === undefined ? [] : [`'--region', ${quoteForPowerShell(region)}`]
  const query = answer === undefined ? [] : [`'--query', '${answer}', '--output', 'text'`]
  const lines = [`'${service}', '${command}'`, ...words, ...place, ...query].map((line) => `    ${line}`)
  if (unless === undefined) return ['Send-Aws @(', ...lines, ')']
  const meaning = `-Unless '${unless.code}' -Says ${quoteForPowerShell(unless.says)}`
  return ['$sent = Send-Aws @(', ...lines, `) ${meaning}`, 'if (-not $sent) { return }']
}
