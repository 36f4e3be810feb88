import type { Operation } from '../../plan/operation.ts'
import type { Plan } from '../../plan/plan.ts'
import type { PolicyDocument } from '../../policy/document.ts'
import { documentText } from '../../policy/document.ts'
import { awsCommand } from '../aws-command.ts'
import { principalName } from '../describe-step.ts'
import { saying } from '../saying.ts'
import { oneLine } from '../shell-quote.ts'

/** Joins the parts of a README that are there, with a blank line between. */
export function page(...parts: readonly (string | undefined)[]): string {
  return `${parts.filter((part) => part !== undefined && part !== '').join('\n\n')}\n`
}

/** Title and first lines: what this is, for which account, from which plan. */
export function heading(plan: Plan, toolVersion: string, sentence: string): string {
  const { policies, roles, attachments } = plan.target
  const made = roles.filter(({ existing }) => !existing).length
  const parts = [
    count(policies.length, 'policy', 'policies'),
    count(attachments.length, 'attachment', 'attachments'),
    count(made, 'role', 'roles'),
  ]
  return [
    `# MLflow access of ${code(plan.name)} in AWS account ${plan.account}`,
    '',
    sentence,
    '',
    `Result: ${parts.join(', ')}. Made from plan ${code(plan.id)} by mlflow-iam ${oneLine(toolVersion)}.`,
  ].join('\n')
}

const shown = 40

/** Every step: what is called, and why. */
export function stepTable(plan: Plan): string {
  if (plan.operations.length === 0) return '## Steps\n\nNone: the account is as the grants file says.'
  const rows = plan.operations
    .slice(0, shown)
    .map(
      (operation, index) =>
        `| ${index + 1} | ${code(saying(operation))} | ${operation.risk} | ${cell(operation.because)} |`,
    )
  const rest = plan.operations.length - shown
  const more = rest > 0 ? [`\nand ${rest} more, in the same order as in the script.`] : []
  return ['## Steps', '', '| | call | access | why |', '| --- | --- | --- | --- |', ...rows, ...more].join(
    '\n',
  )
}

/** Who ends up with which policy. */
export function accessTable(plan: Plan): string {
  const { attachments, policies } = plan.target
  if (attachments.length === 0) return ''
  const rows = attachments.slice(0, shown).map(({ principal, policy }) => {
    const found = policies.find(({ arn }) => arn === policy)
    return `| ${code(principalName(plan, principal))} | ${code(found?.name ?? policy)} | ${cell(found?.purpose ?? '')} |`
  })
  const rest = attachments.length - shown
  const more = rest > 0 ? [`\nand ${rest} more.`] : []
  return [
    '## Who gets what',
    '',
    '| who | policy | what it is for |',
    '| --- | --- | --- |',
    ...rows,
    ...more,
  ].join('\n')
}

/** The findings that a reviewer should read before running anything. */
export function findingList(plan: Plan): string {
  const worth = plan.findings.filter(({ level }) => level !== 'low')
  if (worth.length === 0) return ''
  const lines = worth.map(({ level, message }) => `- **${level}**: ${cell(message)}`)
  return ['## Read this first', '', ...lines].join('\n')
}

/** Who must run it: the sign-in, and the least rights. */
export function runner(plan: Plan, sentence: string, policy: PolicyDocument): string {
  return [
    '## Who must run it',
    '',
    `Someone signed in to account ${plan.account}${sentence} This is the least that they need:`,
    '',
    '```json',
    documentText(policy),
    '```',
  ].join('\n')
}

/**
 * A fenced block of shell commands, to be pasted as a whole. Remarks stand before it: in the zsh of macOS, `#` begins no
 * comment on a command line but one more argument.
 */
export function commands(...lines: readonly string[]): string {
  return ['```sh', ...lines, '```'].join('\n')
}

/** What a format cannot carry, in words; nothing where it carries everything. */
export function notCarried(lines: readonly string[]): string {
  if (lines.length === 0) return ''
  return ['## Not carried by this format', '', ...lines.map((line) => `- ${cell(line)}`)].join('\n')
}

/** What formats that describe a result leave out: removals, and (CloudFormation) permission sets. */
export function leftOut(
  plan: Plan,
  { permissionSets }: { readonly permissionSets: boolean },
): readonly string[] {
  const inline = plan.target.inline ?? []
  const gone = plan.operations.filter(
    ({ action, principal }) =>
      /^(?:Detach|Delete|Untag)/.test(action) ||
      (action === 'PutInlinePolicyToPermissionSet' && !inline.some((set) => set.principal === principal)),
  )
  const moved = plan.operations.filter(({ action }) => action === 'UpdateUserProfile')
  const sets = plan.target.attachments.filter(({ principal }) => principal.includes(':permissionSet/'))
  return [
    ...gone.flatMap((operation) => {
      const [, how] = /^(Detach|Delete)(?:User|Group|Role)Policy$/u.exec(operation.action) ?? []
      const command = oneCommand(operation, plan.region)
      const by = how ? ` Once the new access is in place: ${command}` : ''
      return [
        `${saying(operation)}: this format takes nothing away that it did not make itself.${by}`,
        // An inline policy is gone with its text.
        ...(how === 'Delete' ? [`Before that, keep its text: ${command.replace(' delete-', ' get-')}`] : []),
      ]
    }),
    ...moved.flatMap((operation) => [
      `${saying(operation)}: this format cannot give a profile that is there another role. ${operation.because}`,
      `Run this when the roles are made, and before anything is taken from the role that the profile shared: ${oneCommand(operation, plan.region)}`,
    ]),
    ...(permissionSets
      ? []
      : sets.map(
          ({ principal, policy }) =>
            `${principalName(plan, principal)} with ${policy.replace(/^.*\//, '')}: an existing permission set cannot be edited from a template. Attach the policy in Identity Center by name and path.`,
        )),
    ...(permissionSets
      ? []
      : inline.map(
          ({ principal, purpose }) =>
            `${principalName(plan, principal)}, whose inline policy holds ${purpose}: an existing permission set cannot be edited from a template. Use the shell or terraform export for it, or Identity Center itself.`,
        )),
  ]
}

function oneCommand(operation: Operation, region: string): string {
  return awsCommand(operation, region).replace(/ \\\n */gu, ' ')
}

/** Inline code: no back-tick, line end or unseen character in it ends it early. */
export function code(text: string): string {
  return `\`${oneLine(text).replaceAll('`', "'")}\``
}

/** Text inside a table or a list: one line, and no mark in it means anything. */
export function cell(text: string): string {
  return oneLine(text).replace(/[|<>[\]`\\*]/g, (mark) => `\\${mark}`)
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`
}
