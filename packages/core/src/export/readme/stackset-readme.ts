import type { Plan } from '../../plan/plan.ts'
import type { ExportOptions } from '../exporter.ts'
import { otherAccountsSection } from './other-accounts.ts'
import { accessTable, commands, findingList, heading, leftOut, notCarried, page } from './parts.ts'

const inlineLimit = 51_200

/** The README beside a template for StackSets: the exact commands, for an organisation or for a list of accounts. */
export function stacksetReadme(plan: Plan, options: ExportOptions, template: string): string {
  const file = options.json ? 'template.json' : 'template.yaml'
  const name = `mlflow-iam-${plan.name}`
  const body =
    template.length > inlineLimit
      ? '--template-url https://BUCKET_FOR_TEMPLATES.s3.amazonaws.com/template'
      : `--template-body file://${file}`
  return page(
    heading(
      plan,
      options.toolVersion,
      'One CloudFormation template that gives this access in many accounts at once.',
    ),
    findingList(plan),
    [
      '## How, with AWS Organizations',
      '',
      'From the management account, or a delegated administrator (then add `--call-as DELEGATED_ADMIN`):',
      '',
      commands(
        'aws cloudformation create-stack-set \\',
        `  --stack-set-name ${name} \\`,
        `  ${body} \\`,
        '  --capabilities CAPABILITY_NAMED_IAM \\',
        '  --permission-model SERVICE_MANAGED \\',
        '  --auto-deployment Enabled=true,RetainStacksOnAccountRemoval=false',
        '',
        'aws cloudformation create-stack-instances \\',
        `  --stack-set-name ${name} \\`,
        '  --deployment-targets OrganizationalUnitIds=ou-XXXX-XXXXXXXX \\',
        `  --regions ${plan.region} \\`,
        '  --operation-preferences FailureTolerancePercentage=0,MaxConcurrentPercentage=10',
      ),
      '',
      '## How, for a list of accounts',
      '',
      'With the roles `AWSCloudFormationStackSetAdministrationRole` here and `AWSCloudFormationStackSetExecutionRole`',
      'in each account:',
      '',
      commands(
        'aws cloudformation create-stack-set \\',
        `  --stack-set-name ${name} \\`,
        `  ${body} \\`,
        '  --capabilities CAPABILITY_NAMED_IAM \\',
        '  --permission-model SELF_MANAGED',
        '',
        'aws cloudformation create-stack-instances \\',
        `  --stack-set-name ${name} \\`,
        `  --accounts ${plan.account} \\`,
        `  --regions ${plan.region}`,
      ),
      '',
      '## Regions',
      '',
      `IAM is the same in all regions, so one is enough: ${plan.region}. If the stack set also covers others, the`,
      'stacks there make nothing (parameter `HomeRegion`), and nothing is made twice.',
      '',
      '## What differs between accounts',
      '',
      'Account id and partition are filled in by CloudFormation. Names of servers, buckets, users, groups and roles are',
      'parameters whose defaults are the names in the account of this plan; set them with',
      '`--parameters ParameterKey=…,ParameterValue=…`, or for some accounts alone with',
      '`create-stack-instances --parameter-overrides …`. An empty list attaches to nobody.',
      '',
      '## Taking it back',
      '',
      commands(
        'aws cloudformation delete-stack-instances \\',
        `  --stack-set-name ${name} \\`,
        '  --deployment-targets OrganizationalUnitIds=ou-XXXX-XXXXXXXX \\',
        `  --regions ${plan.region} \\`,
        '  --no-retain-stacks',
      ),
      '',
      'The service roles and their policies stay in each account (`DeletionPolicy: Retain`): tracking servers run on them.',
    ].join('\n'),
    accessTable(plan),
    otherAccountsSection(plan, { inline: true }),
    notCarried([
      ...leftOut(plan, { permissionSets: false }),
      'Tags of managed policies: CloudFormation has no property for them. Roles have their tags.',
    ]),
    [
      '## Who must run it',
      '',
      'Someone who may manage stack sets: `cloudformation:CreateStackSet`, `CreateStackInstances`,',
      '`DescribeStackSet*` and `ListStack*` on `arn:' +
        `${plan.partition}:cloudformation:*:*:stackset/${name}:*\`. The accounts themselves are changed by the`,
      'execution role of StackSets, which needs to create roles and managed policies there and to attach them.',
    ].join('\n'),
  )
}
