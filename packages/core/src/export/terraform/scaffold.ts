import type { Plan } from '../../plan/plan.ts'
import { oneLine } from '../shell-quote.ts'
import type { Block, HclValue } from './hcl.ts'

/** The account and the region, with the plan's own as defaults. */
export function variables(plan: Plan): readonly Block[] {
  return [
    {
      type: 'variable',
      labels: ['account_id'],
      body: [
        ['description', 'The AWS account in which this may be applied. The documents name it as well.'],
        ['type', { $reference: 'string' }],
        ['default', plan.account],
      ],
    },
    {
      type: 'variable',
      labels: ['region'],
      body: [
        ['description', 'Region of the AWS provider. IAM itself has no regions.'],
        ['type', { $reference: 'string' }],
        ['default', plan.region],
      ],
    },
  ]
}

/** Terraform, the AWS provider, and the guard that refuses other accounts. */
export function versions(plan: Plan): readonly Block[] {
  const aws: HclValue = { source: 'hashicorp/aws', version: '>= 5.0' }
  return [
    {
      type: 'terraform',
      labels: [],
      comment: oneLine(`MLflow access of ${plan.name}, made from plan ${plan.id} by mlflow-iam.`),
      body: [
        ['required_version', '>= 1.5'],
        { type: 'required_providers', labels: [], body: [['aws', aws]] },
      ],
    },
    {
      type: 'provider',
      labels: ['aws'],
      comment: 'Refuses every other account, whatever the credentials say.',
      body: [
        ['region', { $reference: 'var.region' }],
        ['allowed_account_ids', [{ $reference: 'var.account_id' }]],
      ],
    },
  ]
}

/** ARNs of what the module makes, by name. */
export function outputs(plan: Plan, names: ReadonlyMap<string, string>): readonly Block[] {
  const arns = (type: string, things: readonly { readonly arn: string; readonly name: string }[]): HclValue =>
    Object.fromEntries(things.map(({ arn, name }) => [name, { $reference: `${type}.${names.get(arn)}.arn` }]))
  const made = plan.target.roles.filter(({ existing }) => !existing)
  return [
    {
      type: 'output',
      labels: ['policy_arns'],
      body: [
        ['description', 'ARNs of the policies, by name.'],
        ['value', arns('aws_iam_policy', plan.target.policies)],
      ],
    },
    {
      type: 'output',
      labels: ['role_arns'],
      body: [
        ['description', 'ARNs of the service roles, by name.'],
        ['value', arns('aws_iam_role', made)],
      ],
    },
  ]
}
