import type { Account } from '../account/account.ts'
import type { Checked, Rules } from './rules.ts'

/** What a handler knows beside the request's own members. */
export interface Call {
  readonly account: Account
  /** The region that the request was signed for. */
  readonly region: string
  readonly now: Date
  /** Who signed the request. */
  readonly caller: { readonly arn: string; readonly userId: string }
}

/** One operation: the rules for its request, and what it does. `reads` marks those that change nothing. */
export interface OperationOf<Request extends object, Response extends object> {
  readonly rules: Rules<Request>
  readonly answer: (call: Call, input: Checked<Request>) => Response | Promise<Response>
}

/** An operation after its types have done their work: the dispatcher reads members by their rules. */
export interface AnyOperation {
  readonly rules: Readonly<Record<string, import('./rules.ts').Rule<unknown>>>
  readonly answer: (call: Call, input: never) => object | Promise<object>
}
export type Operations = Readonly<Record<string, AnyOperation>>

/** An AWS service: how its requests look on the wire, and what it can do. */
export interface Service {
  /** The prefix of its IAM actions, `iam`. */
  readonly id: string
  readonly protocol: 'query' | 'json'
  /** Names that credentials are signed for, beside the id. */
  readonly signingNames: readonly string[]
  /** API version of a query service; `X-Amz-Target` prefix of a JSON service. */
  readonly version: string
  readonly operations: Operations
}

/** Binds an operation to the service model's own types: a member that AWS does not know does not compile. */
export function operation<Request extends object, Response extends object>(
  rules: Rules<Request>,
  answer: OperationOf<Request, Response>['answer'],
): AnyOperation {
  return { rules: rules as AnyOperation['rules'], answer }
}
