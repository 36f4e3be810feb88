import type { Request } from '../../plan/operation.ts'
import type { Plan } from '../../plan/plan.ts'

/** What a script's step is made of, whatever language the script is in. Parts run in order. */
export type Part =
  /** The policy document that the parts after it look for and send. */
  | { readonly part: 'document'; readonly text: string }
  /** Looks at the account, and leaves the step when there is nothing to do. */
  | { readonly part: 'look'; readonly check: Check; readonly words: readonly Word[] }
  /** Sends a request; with `unless`, that error code means that there is nothing to do. */
  | {
      readonly part: 'send'
      readonly request: Request
      readonly unless?: Unless
      readonly answer?: string
      /** Where the service has regions, the one that the plan is for. */
      readonly region?: string
    }
  /** Keeps the version that the last look found, for a request that says `{ $from: 'made' }`. */
  | { readonly part: 'keep-version' }
  /** Counts a policy as no longer held by what this run has detached. */
  | { readonly part: 'detached'; readonly policy: string }
  | { readonly part: 'wait-for-provisioning'; readonly instance: string }
  | {
      readonly part: 'wait-for-profile'
      readonly region: string
      readonly domain: string
      readonly profile: string
    }

export type Check =
  | 'needs_policy'
  | 'needs_version'
  | 'needs_default'
  | 'needs_role'
  | 'needs_trust'
  | 'needs_attachment'
  | 'needs_profile'
  | 'needs_inline'
  | 'says_inline'
  | 'lacks_inline'
  | 'made_by_us'
  | 'unused'
  | 'role_is_ours'
  | 'trust_is_ours'

/** A value, or the step's document: in the form in which the AWS CLI prints it back, or as it is. */
export type Word = string | { readonly stored: string } | { readonly document: string }

export interface Unless {
  readonly code: string
  readonly says: string
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

/** The policy document that a request carries. */
export function documentOf(request: Request): string | undefined {
  const { action, input } = request
  if (action === 'CreateRole') return input.AssumeRolePolicyDocument
  if (action === 'PutInlinePolicyToPermissionSet') return input.InlinePolicy
  return 'PolicyDocument' in input ? input.PolicyDocument : undefined
}

/** The words that tell a role of ours from any other of its name: name, ARN, owner mark, trust. */
export function roleWords(plan: Plan, request: Request & { readonly action: 'CreateRole' }): readonly Word[] {
  const { RoleName, Tags, AssumeRolePolicyDocument } = request.input
  // The AWS CLI prints `None` for a tag that is not there.
  const owner = Tags?.find(({ Key }) => Key === 'mlflow-iam:grants')?.Value ?? 'None'
  return [RoleName, arnMade(plan, request), owner, { stored: AssumeRolePolicyDocument }]
}

export function look(check: Check, ...words: readonly Word[]): Part {
  return { part: 'look', check, words }
}

export function send(request: Request, unless?: Unless): Part {
  return { part: 'send', request, ...(unless === undefined ? {} : { unless }) }
}
