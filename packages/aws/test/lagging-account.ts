import { Readable } from 'node:stream'
import { createSandbox, type Sandbox, type SandboxState } from '@mlflow-iam/sandbox'
import type { HttpRequest } from '@smithy/types'
import type { RequestHandler } from '../src/connection.ts'
import type { Timing } from '../src/time.ts'
import { actionOf } from './faults.ts'

/**
 * An account that is eventually consistent, as IAM is: reads show what was written some time ago, and what was
 * created a moment ago cannot be attached yet.
 */
export function laggingAccount(
  sandbox: Sandbox,
  timing: Timing,
  lagMs: number,
): RequestHandler & { readonly log: { action: string; at: number }[] } {
  const log: { action: string; at: number }[] = []
  const history: { at: number; state: SandboxState }[] = [
    { at: Number.NEGATIVE_INFINITY, state: structuredClone(sandbox.state) as SandboxState },
  ]
  const createdAt = new Map<string, number>()
  return {
    log,
    async handle(request: HttpRequest) {
      const action = actionOf(request)
      const form = new URLSearchParams(String(request.body ?? ''))
      if (/^(Get|List)/.test(action) && action !== 'GetCallerIdentity') {
        const seen = history.filter(({ at }) => at <= timing.now() - lagMs).at(-1)
        return createSandbox({ state: seen?.state ?? sandbox.state }).requestHandler.handle(request)
      }
      if (action.startsWith('Attach')) {
        const created = createdAt.get(form.get('PolicyArn') ?? '')
        if (created !== undefined && timing.now() < created + lagMs) {
          return notYet(`Policy ${form.get('PolicyArn')} does not exist or is not attachable.`)
        }
      }
      const answer = await sandbox.requestHandler.handle(request)
      if (action === 'GetCallerIdentity') return answer
      log.push({ action, at: timing.now() })
      history.push({ at: timing.now(), state: structuredClone(sandbox.state) as SandboxState })
      if (action === 'CreatePolicy') {
        createdAt.set(
          `arn:aws:iam::123456789012:policy${form.get('Path')}${form.get('PolicyName')}`,
          timing.now(),
        )
      }
      return answer
    },
  }
}

function notYet(message: string) {
  const body = `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`
  return {
    response: {
      statusCode: 404,
      headers: { 'content-type': 'text/xml' },
      body: Readable.from([Buffer.from(body)]),
    },
  }
}
