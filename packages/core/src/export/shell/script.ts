import type { Plan } from '../../plan/plan.ts'
import { oneLine, quoteForShell } from '../shell-quote.ts'
import { policyPath } from '../steps/policy-path.ts'
import { lookingFunctions } from './looking.ts'
import { inlineFunctions } from './looking-inline.ts'
import { runningFunctions } from './running.ts'

export interface ScriptStep {
  /** The call in a few words. */
  readonly title: string
  /** Comment lines: why, and who gains or loses what. */
  readonly about: readonly string[]
  /** One sentence, printed when the step begins. */
  readonly says: string
  /** Lines of its bash function. */
  readonly body: readonly string[]
}

export interface Script {
  readonly fileName: string
  readonly purpose: string
  readonly notes: readonly string[]
  readonly steps: readonly ScriptStep[]
}

const rule = '-'.repeat(98)

/** A bash script: what it is, every step with its reason, then the functions that run them, then the start. */
export function renderScript(plan: Plan, script: Script, toolVersion: string): string {
  const steps = script.steps.map((step, index) => renderStep(step, index + 1, script.steps.length))
  const read = readsPolicies(steps.join('\n')) ? ['  read_policies'] : []
  const calls = [
    'all_steps() {',
    ...read,
    ...(script.steps.length === 0 ? ['  :'] : script.steps.map((_, index) => `  step_${index + 1}`)),
    '}',
  ].join('\n')
  const body = [...steps, calls].join('\n\n')
  const parts = [
    header(plan, script, toolVersion),
    settings(plan, script, body),
    body,
    `# ${rule}\n# How the steps run`,
    ...usedFunctions(body),
    'main "$@"',
  ]
  return `${parts.map((part) => part.trim()).join('\n\n')}\n`
}

function header(plan: Plan, { fileName, purpose, notes }: Script, toolVersion: string): string {
  const lines = [
    `${fileName}: ${purpose}`,
    '',
    `  bash ${fileName}            prints every command, and changes nothing`,
    `  bash ${fileName} --apply    sends them one after the other, and stops at the first error`,
    '',
    `For AWS account ${plan.account} alone (partition ${plan.partition}): anywhere else it stops before the first step.`,
    ...notes,
    'It takes the AWS settings of the environment (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL and so on).',
    'Needs bash 3.2 or later and the AWS CLI, version 1 or 2. Nothing else has to lie beside this file.',
    '',
    'Exit codes: 0 done; 2 wrong usage; 3 another account; 5 not signed in; 7 the account has changed',
    'since the plan; 8 a step failed; 130 interrupted.',
    '',
    `Made from plan ${plan.id} of "${plan.name}" by mlflow-iam ${toolVersion}.`,
  ]
  return ['#!/usr/bin/env bash', ...lines.map((line) => `# ${comment(line)}`.trimEnd())].join('\n')
}

/** One comment line, its columns kept. */
function comment(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
}

function settings(plan: Plan, { fileName, steps }: Script, body: string): string {
  const reads = readsPolicies(body)
  const used = (name: string) => usedFunctions(body).join('\n').includes(`$${name}`)
  const lines = [
    'set -euo pipefail',
    '',
    `expected_account=${quoteForShell(plan.account)}`,
    `expected_partition=${quoteForShell(plan.partition)}`,
    `total=${steps.length}`,
    ...(used('kind') ? [`kind=${fileName.replace('.sh', '')}`] : []),
    'step=0 sent=0 skipped=0',
    ...(reads ? [`policies='' policy_path=${quoteForShell(policyPath(plan))}`] : []),
    ...(used('attached') ? ["attached=''"] : []),
    ...(used('looked_at') ? ["looked_at=''"] : []),
    ...(used('detached') ? ["detached=''"] : []),
    ...(used('looks_left') ? ['looks_left=8'] : []),
    '',
    'usage() {',
    `  printf 'Usage: bash ${fileName} [--apply]\\n\\n'`,
    `  printf 'Without --apply it prints every command and changes nothing.\\n'`,
    '}',
  ]
  return lines.join('\n')
}

function renderStep({ title, about, says, body }: ScriptStep, number: number, total: number): string {
  const lines = [
    `# ${rule}`,
    ...[`Step ${number} of ${total}: ${title}`, ...about].map((line) => `# ${comment(line)}`.trimEnd()),
    `step_${number}() {`,
    `  begin ${number} ${quoteForShell(oneLine(says))}`,
    ...body.map((line) => `  ${line}`),
    '}',
  ]
  return lines.join('\n')
}

function readsPolicies(text: string): boolean {
  return /^ {2}(?:needs_policy|needs_version|needs_default|made_by_us|unused) /m.test(text)
}

const functions: Readonly<Record<string, string>> = {
  ...runningFunctions,
  ...lookingFunctions,
  ...inlineFunctions,
}

/** The functions that this text calls, and those that they call, in one order for every script. */
function usedFunctions(text: string): readonly string[] {
  const names = Object.keys(functions)
  const used = new Set<string>()
  const visit = (caller: string) => {
    for (const name of names) {
      if (used.has(name) || !new RegExp(`(?:^|[^\\w-])${name}(?![\\w-])`, 'm').test(caller)) continue
      used.add(name)
      visit((functions[name] ?? '').replace(/^#.*$/gm, ''))
    }
  }
  visit(`main\n${text.replace(/^#.*$/gm, '')}`)
  return names.filter((name) => used.has(name)).map((name) => (functions[name] ?? '').trim())
}
