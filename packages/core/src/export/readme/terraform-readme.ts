import type { Plan } from '../../plan/plan.ts'
import type { ExportOptions } from '../exporter.ts'
import { runnerPolicy } from '../runner-policy.ts'
import { otherAccountsSection } from './other-accounts.ts'
import { accessTable, commands, findingList, heading, leftOut, notCarried, page, runner } from './parts.ts'

/** The README beside the Terraform module; `imports` where it takes over what exists already. */
export function terraformReadme(
  plan: Plan,
  options: ExportOptions,
  { imports }: { readonly imports: boolean },
): string {
  const importsFile = `imports.tf${options.json ? '.json' : ''}`
  return page(
    heading(
      plan,
      options.toolVersion,
      'A Terraform module that keeps these roles, policies and attachments.',
    ),
    findingList(plan),
    [
      '## How',
      '',
      `Signed in to account ${plan.account}, make a plan and read it:`,
      '',
      commands('aws sts get-caller-identity', 'terraform init', 'terraform plan -out access.tfplan'),
      '',
      'Then carry it out:',
      '',
      commands('terraform apply access.tfplan'),
      '',
      'Needs Terraform 1.5 or later and the AWS provider 5 or later. It is a root module: the provider refuses every',
      'account but `account_id`.',
      ...(imports
        ? [
            '',
            `\`${importsFile}\` takes over what exists already, so nothing is made twice. After the first apply it has done its`,
            'work and may be deleted.',
          ]
        : []),
      '',
      'The documents stand in the module as they are sent. `$${` in them is the text `${`.',
      '',
      'What this module does not list it does not touch: attachments that others made stay.',
    ].join('\n'),
    accessTable(plan),
    otherAccountsSection(plan, { inline: false }),
    notCarried(leftOut(plan, { permissionSets: true })),
    runner(plan, '.', runnerPolicy(plan, { undo: true, with: 'terraform' })),
  )
}
