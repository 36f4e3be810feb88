import type { Plan } from '../../plan/plan.ts'
import { oneLine } from '../shell-quote.ts'
import { policyPath } from '../steps/policy-path.ts'
import { type ScriptStory, type StepStory, tellApply, tellRollback } from '../steps/tell-script.ts'
import { lookingFunctions } from './looking.ts'
import { inlineFunctions } from './looking-inline.ts'
import { printParts } from './print-parts.ts'
import { quoteForPowerShell } from './quote.ts'
import { runningFunctions } from './running.ts'

/** `apply.ps1`: prints what it would send; with `-Apply` it sends it. Safe to run again at any time. */
export function renderApplyPs1(plan: Plan, toolVersion: string): string {
  return render(plan, tellApply(plan, 'apply.ps1'), toolVersion)
}

/** `rollback.ps1`: takes back what `apply.ps1` did, last step first, and leaves alone what has changed since. */
export function renderRollbackPs1(plan: Plan, toolVersion: string): string {
  return render(plan, tellRollback(plan, 'apply.ps1', 'rollback.ps1'), toolVersion)
}

const rule = '-'.repeat(98)

function render(plan: Plan, story: ScriptStory, toolVersion: string): string {
  const steps = story.steps.map((step, index) => renderStep(step, index + 1, story.steps.length))
  const all = [
    'function Invoke-AllSteps {',
    ...story.steps.map((_, index) => `    Invoke-Step${index + 1}`),
    '}',
  ]
  const parts = [
    header(plan, story, toolVersion),
    settings(plan, story),
    ...steps,
    all.join('\n'),
    `# ${rule}\n# How the steps run`,
    runningFunctions,
    lookingFunctions,
    inlineFunctions,
    'Invoke-Main',
  ]
  return `${parts.map((part) => part.trim()).join('\n\n')}\n`
}

function header(plan: Plan, { fileName, purpose, notes }: ScriptStory, toolVersion: string): string {
  const lines = [
    `${fileName}: ${purpose}`,
    '',
    `  pwsh ./${fileName}           prints every command, and changes nothing`,
    `  pwsh ./${fileName} -Apply    sends them one after the other, and stops at the first error`,
    '',
    `For AWS account ${plan.account} alone (partition ${plan.partition}): anywhere else it stops before the first step.`,
    ...notes,
    'It takes the AWS settings of the environment (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL and so on).',
    'Needs PowerShell 7 and the AWS CLI, version 1 or 2. Nothing else has to lie beside this file.',
    '',
    'Exit codes: 0 done; 3 another account; 5 not signed in; 7 the account has changed since the plan;',
    '8 a step failed.',
    '',
    `Made from plan ${plan.id} of "${plan.name}" by mlflow-iam ${toolVersion}.`,
  ]
  return ['#!/usr/bin/env pwsh', ...lines.map(comment)].join('\n')
}

function comment(line: string): string {
  return `# ${line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')}`.trimEnd()
}

function settings(plan: Plan, { kind, steps }: ScriptStory): string {
  const checks = steps.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.part === 'look' ? [part.check] : [])),
  )
  const reads = checks.some((check) =>
    ['needs_policy', 'needs_version', 'needs_default', 'made_by_us', 'unused'].includes(check),
  )
  return [
    '#requires -Version 7.0',
    '[CmdletBinding()]',
    'param(',
    '    # Sends the commands; without it they are only printed.',
    '    [switch] $Apply',
    ')',
    '',
    'Set-StrictMode -Version 3.0',
    "$ErrorActionPreference = 'Stop'",
    '$PSNativeCommandUseErrorActionPreference = $false',
    "$env:AWS_PAGER = ''",
    "$env:AWS_CLI_AUTO_PROMPT = 'off'",
    "$env:AWS_CLI_FILE_ENCODING = 'UTF-8'",
    '',
    `$ExpectedAccount = ${quoteForPowerShell(plan.account)}`,
    `$ExpectedPartition = ${quoteForPowerShell(plan.partition)}`,
    `$PolicyPath = ${quoteForPowerShell(policyPath(plan))}`,
    `$ReadsPolicies = $${reads}`,
    `$Kind = '${kind}'`,
    `$Total = ${steps.length}`,
    '$Step = 0; $SentCount = 0; $SkippedCount = 0; $LooksLeft = 8',
    "$Answer = ''; $Failure = ''; $Version = ''; $Scratch = ''; $ErrorFile = ''",
    '$Policies = [Collections.Generic.Dictionary[string, object]]::new([StringComparer]::Ordinal)',
    '$Attached = [Collections.Generic.Dictionary[string, object]]::new([StringComparer]::Ordinal)',
    '$Detached = @()',
  ].join('\n')
}

function renderStep({ title, about, says, parts }: StepStory, number: number, total: number): string {
  return [
    `# ${rule}`,
    ...[`Step ${number} of ${total}: ${title}`, ...about].map(comment),
    `function Invoke-Step${number} {`,
    `    Start-Step ${number} ${quoteForPowerShell(oneLine(says))}`,
    ...printParts(parts).map((line) => `    ${line}`),
    '}',
  ].join('\n')
}
