import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import { failureKind, isNotOffered, readError } from './failure.ts'
import { redact } from './redact.ts'
import { refusalCodes } from './refusal-codes.ts'

/** What was being done when AWS refused. */
export interface Doing {
  /** The API action, with its service: `iam:AttachRolePolicy`. */
  readonly action?: string
  /** In words, for "could not …": `attach the policy to role ds-shared`. */
  readonly words?: string
  readonly profile?: string | undefined
  /** The endpoint's URL, where one was set. */
  readonly endpoint?: string | undefined
  /** Who is signed in, `role/Admin`. */
  readonly caller?: string | undefined
  /** Whether anything had been written before. */
  readonly wrote?: boolean
}

/** Turns whatever the SDK threw into what happened, why, and what to try next. The only place that does. */
export function toProblem(error: unknown, doing: Doing = {}): Problem {
  if (error instanceof Problem) return error
  const kind = failureKind(error)
  const parts = { error, doing, ...readError(error), said: said(error) }
  switch (kind) {
    case 'not-signed-in':
      return notSignedIn(parts)
    case 'denied':
      return denied(parts)
    case 'throttled':
      return problem(parts, 'THROTTLED', `AWS keeps asking to slow down, so we could not ${words(doing)}.`, [
        'Try again in a minute, or with --concurrency 1.',
      ])
    case 'busy':
      return problem(
        parts,
        'CONCURRENT_CHANGE',
        `Somebody else is changing the same object, so we could not ${words(doing)}.`,
        ['Wait until the other change is through, then run the command again.'],
      )
    case 'unreachable':
      return unreachable(parts)
    case 'unclear':
      return parts.unreadable || isNotOffered(error) ? unreadable(parts) : unclear(parts)
    default:
      return refused(parts)
  }
}

interface Parts {
  readonly error: unknown
  readonly doing: Doing
  readonly name: string
  readonly code: string
  readonly message: string
  readonly status: number | undefined
  readonly said: string
}

function notSignedIn({ error, doing, name, message, said }: Parts): Problem {
  const { profile } = doing
  const sso = /sso/i.test(message)
  const expired = /expired/i.test(name + message)
  const as = profile === undefined ? '' : ` for profile ${profile}`
  const what = expired ? `Your AWS sign-in${as} has expired.` : `You are not signed in to AWS${as}.`
  const login = `aws sso login${profile === undefined ? '' : ` --profile ${profile}`}`
  const mfa = /multi-factor|\bMFA\b/i.test(message)
  const fix = mfa
    ? [
        'Sign in with a tool that can ask for the code (aws sts assume-role, or aws sso login), and use its credentials.',
      ]
    : sso || (expired && profile !== undefined)
      ? [login]
      : expired
        ? ['Get fresh credentials where these came from, then run the command again.', login]
        : [
            `aws configure${profile === undefined ? '' : ` --profile ${profile}`}`,
            'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or pass --profile.',
            'mlflow-iam plan --sandbox tries everything without an AWS account.',
          ]
  return new Problem(expired ? 'SIGN_IN_EXPIRED' : 'NOT_SIGNED_IN', what, {
    why: `${said}${doing.wrote ? '' : ' Nothing was sent.'}`,
    fix,
    exit: exitCodes.notSignedIn,
    cause: safe(error),
  })
}

function denied({ error, doing, message, said }: Parts): Problem {
  const action = deniedAction(message) ?? doing.action ?? 'the action'
  const who = /User: (arn:\S+) is not/.exec(message)?.[1] ?? doing.caller
  const organisation = /service control policy|resource control policy|\bSCP\b|\bRCP\b/i.test(message)
  const boundary = /permissions boundary/i.test(message)
  const explicit = /explicit deny/i.test(message)
  const why = organisation
    ? `A service control policy of the organisation denies ${action}.`
    : boundary
      ? `The permissions boundary of ${who ?? 'the caller'} does not allow ${action}.`
      : explicit
        ? `A policy denies ${action} explicitly.`
        : `No policy of ${who ?? 'the caller'} allows ${action}.`
  const fix = organisation
    ? ['Only an organisation administrator can allow it; `mlflow-iam export` makes a script for them.']
    : [`Ask for ${action}, or run the command with another --profile.`]
  return new Problem('ACCESS_DENIED', `${who ? `${shortArn(who)} may` : 'You may'} not ${words(doing)}.`, {
    why: `${why} AWS said: ${said}`,
    fix,
    exit: exitCodes.accessDenied,
    cause: safe(error),
  })
}

function unreachable({ error, doing, code, said }: Parts): Problem {
  const where = doing.endpoint === undefined ? 'AWS' : `the endpoint ${redact(doing.endpoint)}`
  const tls = /EPROTO|CERT|SIGNED|TLS|SSL|UNABLE_TO/.test(code)
  const dns = code === 'ENOTFOUND' || code === 'EAI_AGAIN'
  const why = tls
    ? `The secure connection could not be made (${code}).`
    : dns
      ? `The name could not be looked up (${code}): ${said}`
      : `Nothing answers there (${code || 'timeout'}): ${said}`
  const fix = tls
    ? ['Check http:// against https:// in the endpoint, and AWS_CA_BUNDLE behind a company proxy.']
    : [
        'Check the network, HTTPS_PROXY, the region, and --endpoint-url or AWS_ENDPOINT_URL, then run the command again.',
      ]
  return new Problem('ENDPOINT_UNREACHABLE', `Could not reach ${where}.`, {
    why,
    fix,
    exit: doing.wrote ? exitCodes.partlyDone : exitCodes.badInput,
    cause: safe(error),
  })
}

function unreadable({ error, doing, status }: Parts): Problem {
  const where = doing.endpoint === undefined ? 'AWS' : `The endpoint ${redact(doing.endpoint)}`
  return new Problem('UNREADABLE_ANSWER', `${where} did not answer as AWS does.`, {
    why: `The answer to ${doing.action ?? 'the request'} was neither AWS XML nor JSON (HTTP ${status ?? '?'}): a proxy's page, or an endpoint that does not know the operation.`,
    fix: ['Check --endpoint-url and AWS_ENDPOINT_URL, and any proxy between here and AWS.'],
    exit: exitCodes.badInput,
    cause: safe(error),
  })
}

function unclear({ error, doing, said }: Parts): Problem {
  return new Problem('NO_ANSWER', `AWS gave no usable answer when asked to ${words(doing)}.`, {
    why: said,
    fix: ['Run the command again. If it persists, look at the AWS Health Dashboard and the network.'],
    exit: doing.wrote ? exitCodes.partlyDone : exitCodes.badInput,
    cause: safe(error),
  })
}

function refused(parts: Parts): Problem {
  if (/Region is missing/.test(parts.message)) {
    return problem(parts, 'NO_REGION', 'No AWS region is set.', [
      'Pass --region, or set AWS_REGION or a region in the profile.',
    ])
  }
  const known = refusalCodes[parts.name.replace(/Exception$/, '')]
  const what = `AWS refused to ${words(parts.doing)}.`
  return problem(parts, known?.code ?? 'REFUSED', what, [
    known?.fix ?? 'Read what AWS said; make a new plan if the account has changed.',
  ])
}

function problem({ error, doing, said }: Parts, code: string, what: string, fix: readonly string[]): Problem {
  return new Problem(code, what, {
    why: said,
    fix,
    exit: doing.wrote ? exitCodes.partlyDone : exitCodes.badInput,
    cause: safe(error),
  })
}

/** `iam:CreatePolicy` from AWS's "is not authorized to perform: iam:CreatePolicy on resource: …". */
function deniedAction(message: string): string | undefined {
  return /not authorized to perform:? ([a-z0-9-]+:[A-Za-z0-9]+)/.exec(message)?.[1]
}

function words(doing: Doing): string {
  return doing.words ?? (doing.action === undefined ? 'do this' : `call ${doing.action}`)
}

function said(error: unknown): string {
  const { name, message, requestId } = readError(error)
  const text = redact(message.replace(/\s*Deserialization error[\s\S]*$/, '').trim()).slice(0, 600)
  const mark = name === 'Error' ? '' : ` (${name}${requestId === undefined ? '' : `, request ${requestId}`})`
  return `${text.replace(/\.$/, '')}${mark}.`
}

/** The original error without the request and answer that the SDK hangs on it: those hold signatures. */
function safe(error: unknown): Error {
  const { name, message } = readError(error)
  const plain = new Error(redact(message))
  plain.name = name
  return plain
}

function shortArn(arn: string): string {
  return arn.split(':').slice(5).join(':') || arn
}
