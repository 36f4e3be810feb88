import type { Plan } from '../../plan/plan.ts'
import type { ExportOptions } from '../exporter.ts'
import { runnerPolicy } from '../runner-policy.ts'
import { otherAccountsSection } from './other-accounts.ts'
import { accessTable, commands, findingList, heading, leftOut, notCarried, page, runner } from './parts.ts'

/** What `create-stack --template-body` takes; larger templates go through a bucket. */
const inlineLimit = 51_200

/** The README beside a template: change set first, then the rest. */
export function cloudformationReadme(plan: Plan, options: ExportOptions, template: string): string {
  const file = options.json ? 'template.json' : 'template.yaml'
  const stack = `mlflow-iam-${plan.name}`
  const large = template.length > inlineLimit
  const deploy = [
    `aws cloudformation deploy \\`,
    `  --stack-name ${stack} \\`,
    `  --template-file ${file} \\`,
    ...(large ? ['  --s3-bucket BUCKET_FOR_TEMPLATES \\'] : []),
    `  --capabilities CAPABILITY_NAMED_IAM`,
  ]
  return page(
    heading(
      plan,
      options.toolVersion,
      'One CloudFormation template that makes these roles, policies and attachments.',
    ),
    findingList(plan),
    [
      '## How',
      '',
      `Signed in to account ${plan.account} (or to another for which you set the parameters), make a change set and read it:`,
      '',
      commands(
        'aws sts get-caller-identity',
        ...deploy.slice(0, -1),
        `  --capabilities CAPABILITY_NAMED_IAM \\`,
        '  --no-execute-changeset',
      ),
      '',
      'Then carry it out:',
      '',
      commands(...deploy),
      '',
      ...(large
        ? [`The template is larger than ${inlineLimit} bytes, so it goes through a bucket of yours.`, '']
        : []),
      'Every parameter has a default, the name in this account. In another account, set what is called differently',
      'there with `--parameter-overrides Name=Value`; an empty list of users, groups or roles attaches to nobody.',
      'Account id and partition are those of the account in which the stack is made.',
      '',
      'Deleting the stack takes the access away. The service roles and their policies stay (`DeletionPolicy: Retain`),',
      'because tracking servers run on them; delete those by hand when no server needs them.',
      '',
      'A policy or role of the same name that is there already makes the stack fail before anything changes: import',
      'it into the stack (`create-change-set --change-set-type IMPORT`), or use the shell export for this account.',
    ].join('\n'),
    accessTable(plan),
    otherAccountsSection(plan, { inline: true }),
    notCarried([
      ...leftOut(plan, { permissionSets: false }),
      'Tags of managed policies: CloudFormation has no property for them. Roles have their tags.',
    ]),
    runner(plan, '.', runnerPolicy(plan, { undo: true, with: 'cloudformation' })),
  )
}
