import { Readable } from 'node:stream'
import { setImmediate as pauseOnce } from 'node:timers/promises'
import type { HttpHandlerOptions, HttpRequest, HttpResponse } from '@smithy/types'
import type { RequestHandler } from '../src/connection.ts'

/** What may go wrong with one call. `lost` means that the call took effect and its answer never came. */
export type Fault = 'throttle' | 'delay' | 'drop' | 'lost' | '500' | '500-lost' | 'denied' | 'hang' | 'down'

export interface FaultyHandler extends RequestHandler {
  /** How many writes and reads came through. */
  readonly counts: { writes: number; reads: number }
}

export interface FaultOptions {
  /** Chooses the fault of the nth write (from 1) or read; undefined for none. */
  readonly fault?: (call: {
    readonly action: string
    readonly write: boolean
    readonly number: number
  }) => Fault | undefined
  /** Sees each write before it reaches the account and after. */
  readonly onWrite?: (when: 'before' | 'after', action: string) => void
  readonly headers?: Readonly<Record<string, string>>
}

/** Stands between the SDK and an account, and lets calls fail as networks and AWS do. */
export function withFaults(inner: RequestHandler, options: FaultOptions = {}): FaultyHandler {
  const counts = { writes: 0, reads: 0 }
  return {
    counts,
    async handle(request: HttpRequest, handlerOptions?: HttpHandlerOptions) {
      const action = actionOf(request)
      const write = !/^(Get|List|Describe|Simulate)/.test(action)
      if (write) counts.writes += 1
      else counts.reads += 1
      const number = write ? counts.writes : counts.reads
      const fault = options.fault?.({ action, write, number })
      if (fault === 'delay') for (let turn = 0; turn < 5; turn += 1) await pauseOnce()
      if (fault === 'throttle') return refusal(400, 'Throttling', 'Rate exceeded', options.headers)
      if (fault === 'denied') {
        return refusal(
          403,
          'AccessDenied',
          `User: arn:aws:sts::123456789012:assumed-role/Admin/ana is not authorized to perform: iam:${action} on resource: x because no identity-based policy allows the iam:${action} action`,
        )
      }
      if (fault === '500') return refusal(500, 'ServiceFailure', 'The request processing has failed.')
      if (fault === 'down') throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
      if (fault === 'drop') throw broken()
      if (fault === 'hang') return new Promise<never>(() => undefined)
      if (write) options.onWrite?.('before', action)
      const answer = await inner.handle(request, handlerOptions)
      if (write) options.onWrite?.('after', action)
      if (fault === 'lost') throw broken()
      if (fault === '500-lost') return refusal(500, 'ServiceFailure', 'The request processing has failed.')
      return answer
    },
  }
}

/** The API action of a query or JSON request. */
export function actionOf(request: HttpRequest): string {
  const target = request.headers['x-amz-target'] ?? request.headers['X-Amz-Target']
  if (target !== undefined) return target.slice(target.lastIndexOf('.') + 1)
  return new URLSearchParams(String(request.body ?? '')).get('Action') ?? ''
}

function refusal(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): { response: HttpResponse } {
  const body = `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>7a62c49f</RequestId></ErrorResponse>`
  return {
    response: {
      statusCode: status,
      headers: { 'content-type': 'text/xml', ...headers },
      body: Readable.from([Buffer.from(body)]),
    },
  }
}

function broken(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
}
