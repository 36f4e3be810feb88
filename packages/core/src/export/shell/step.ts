import type { Request } from '../../plan/operation.ts'
import type { Plan } from '../../plan/plan.ts'
import { awsOptionLines, awsVerb } from '../aws-command.ts'
import { cliJson, isPlainJson } from '../cli-json.ts'
import { quoteForShell } from '../shell-quote.ts'

/** One step of a script: the bash lines that look, then send. */
export type StepBody = readonly string[]

/** The lines that set a variable to a document; the bytes are those that AWS receives. */
export function documentLines(text: string): StepBody {
  const lines = [`local document=${quoteForShell(text)}`]
  return isPlainJson(text) ? lines : [...lines, `local stored=${quoteForShell(cliJson(text))}`]
}

/** The word for "this document as AWS returns it", after `documentLines`. */
export function storedWord(text: string): string {
  return isPlainJson(text) ? '"$(compact "$document")"' : '"$stored"'
}

/** `send aws iam create-policy \` and the options, each on its line. */
export function sendLines(
  request: Request,
  how: 'send' | { readonly code: string; readonly says: string },
): StepBody {
  const document = documentOf(request)
  const names = new Map(document === undefined ? [] : [[document, '"$document"']])
  const head = how === 'send' ? 'send' : `send_unless ${how.code} ${quoteForShell(how.says)}`
  const lines = [`${head} aws ${awsVerb(request)}`, ...awsOptionLines(request, names)]
  const tail = how === 'send' ? '' : ' || return 0'
  return [`${lines.join(' \\\n  ')}${tail}`]
}

/** The policy document that a request carries. */
export function documentOf(request: Request): string | undefined {
  const input: Readonly<Record<string, unknown>> = request.input
  const text = input['PolicyDocument'] ?? input['AssumeRolePolicyDocument'] ?? input['InlinePolicy']
  return typeof text === 'string' ? text : undefined
}

/** The ARN that a `CreatePolicy` or `CreateRole` will give. */
export function arnMade(plan: Plan, request: Request): string {
  const start = `arn:${plan.partition}:iam::${plan.account}:`
  if (request.action === 'CreatePolicy') {
    return `${start}policy${request.input.Path ?? '/'}${request.input.PolicyName}`
  }
  if (request.action === 'CreateRole')
    return `${start}role${request.input.Path ?? '/'}${request.input.RoleName}`
  return start
}

/** The words that tell a role of ours from any other of its name: name, ARN, owner mark, trust. */
export function roleWords(
  plan: Plan,
  request: Request & { readonly action: 'CreateRole' },
): readonly string[] {
  const { RoleName, Tags, AssumeRolePolicyDocument } = request.input
  const owner = Tags?.find(({ Key }) => Key === 'mlflow-iam:grants')?.Value ?? 'None'
  const words = [RoleName, arnMade(plan, request), owner].map(quoteForShell)
  return [...words, storedWord(AssumeRolePolicyDocument)]
}

/** The line that leaves a step when there is nothing to do. */
export function guard(look: string, ...words: readonly string[]): string {
  const line = `${[look, ...words].join(' ')} || return 0`
  return line.length <= 100 ? line : `${[look, ...words].join(' \\\n    ')} || return 0`
}
