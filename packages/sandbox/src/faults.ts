import { setTimeout as sleep } from 'node:timers/promises'
import { uuidOf } from './account/ids.ts'
import type { SandboxState } from './account/state.ts'
import type { Sandbox, SandboxCall } from './sandbox.ts'
import { services } from './services.ts'
import { Settling } from './settling.ts'
import { withShortPages } from './short-pages.ts'
import { renderRefusal } from './wire/answer.ts'
import type { WireRequest, WireResponse } from './wire/message.ts'
import { readCall, type WireCall } from './wire/read-call.ts'
import { ConnectionDropped, Refusal } from './wire/refusal.ts'
import { sdkRequestHandler } from './wire/sdk-request-handler.ts'

/** What goes wrong. */
export type Trouble =
  /** `Rate exceeded`, with a Retry-After header where seconds are named. */
  | { readonly kind: 'throttle'; readonly retryAfter?: number }
  /** The answer comes late. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The connection breaks: before the account saw the request, or after it acted but before the answer came. */
  | { readonly kind: 'drop'; readonly effect: 'before' | 'after' }
  /** The service fails; with `effect: 'after'` it has acted nevertheless. */
  | { readonly kind: 'failure'; readonly effect?: 'before' | 'after' }
  | { readonly kind: 'deny' }
  /** Any refusal by its code, `ConcurrentModification`. */
  | { readonly kind: 'refuse'; readonly code: string; readonly message?: string; readonly status?: number }

/** One kind of trouble, the requests it hits, and how many of them. */
export interface Fault {
  /** `CreatePolicy` or `iam:CreatePolicy`, a trailing `*` matches the rest; every request where absent. */
  readonly on?: string | readonly string[]
  /** The first matching request that is hit, counted from 1. */
  readonly from?: number
  /** How many are hit; 1 where absent. */
  readonly times?: number
  readonly trouble: Trouble
}

export interface FaultSchedule {
  readonly faults?: readonly Fault[]
  /** For so many requests that name something new, it is not found: IAM's eventual consistency. */
  readonly settling?: number
  /** IAM's pages hold at most so many items, whatever was asked for: AWS may give short ones at any time. */
  readonly shortPages?: number
}

/** One request, with the trouble it met. */
export interface FaultyCall extends SandboxCall {
  readonly trouble?: Trouble['kind'] | 'settling'
}

export interface FaultySandbox extends Sandbox {
  readonly calls: readonly FaultyCall[]
}

/** The same account behind a bad line: in process and on a port alike. */
export function withFaults(sandbox: Sandbox, schedule: FaultSchedule): FaultySandbox {
  const seen = new Map<Fault, number>()
  const settling = new Settling(schedule.settling ?? 0)
  const calls: FaultyCall[] = []

  async function handle(request: WireRequest): Promise<WireResponse> {
    let call: WireCall
    try {
      call = readCall(services, request)
    } catch {
      return sandbox.handle(request)
    }
    const trouble = nextTrouble(schedule.faults ?? [], call, seen)
    const unsettled = trouble === undefined ? settling.refusalOf(call) : undefined
    calls.push(record(call, unsettled === undefined ? trouble?.kind : 'settling'))
    if (unsettled !== undefined) return answerOf(call, unsettled, calls.length)
    const sent = withShortPages(request, call, schedule.shortPages)
    const response = await meet(
      trouble,
      call,
      () => sandbox.handle(sent),
      calls.length,
      () => sandbox.state,
    )
    if (response.status === 200) settling.watch(call)
    return response
  }

  return {
    handle,
    requestHandler: sdkRequestHandler(handle),
    calls,
    get state() {
      return sandbox.state
    },
  }
}

async function meet(
  trouble: Trouble | undefined,
  call: WireCall,
  act: () => Promise<WireResponse>,
  number: number,
  state: () => SandboxState,
): Promise<WireResponse> {
  const json = call.service.protocol === 'json'
  switch (trouble?.kind) {
    case undefined:
      return act()
    case 'delay':
      await sleep(trouble.milliseconds)
      return act()
    case 'drop':
      if (trouble.effect === 'after') await act()
      throw new ConnectionDropped()
    case 'failure':
      if (trouble.effect === 'after') await act()
      return answerOf(
        call,
        new Refusal(
          json ? 'InternalFailure' : 'ServiceFailure',
          'The service could not process the request.',
          500,
        ),
        number,
      )
    case 'throttle': {
      const refusal = new Refusal(json ? 'ThrottlingException' : 'Throttling', 'Rate exceeded', 400)
      const response = answerOf(call, refusal, number)
      if (trouble.retryAfter === undefined) return response
      return { ...response, headers: { ...response.headers, 'retry-after': String(trouble.retryAfter) } }
    }
    case 'deny':
      return answerOf(call, denialOf(call, state().caller.arn), number)
    case 'refuse':
      return answerOf(
        call,
        new Refusal(trouble.code, trouble.message ?? trouble.code, trouble.status ?? 400),
        number,
      )
  }
}

function denialOf({ service, action }: WireCall, caller: string): Refusal {
  const name = `${service.id === 'sso-admin' ? 'sso' : service.id}:${action}`
  const message = `User: ${caller} is not authorized to perform: ${name} on resource: * with an explicit deny in a service control policy`
  return service.protocol === 'json'
    ? new Refusal('AccessDeniedException', message, 400)
    : new Refusal('AccessDenied', message, 403)
}

function answerOf(call: WireCall, refusal: Refusal, number: number): WireResponse {
  return renderRefusal(call.service, refusal, uuidOf(`fault/${number}`))
}

function nextTrouble(
  faults: readonly Fault[],
  call: WireCall,
  seen: Map<Fault, number>,
): Trouble | undefined {
  let hit: Trouble | undefined
  for (const fault of faults) {
    if (!matches(fault.on, call)) continue
    const count = (seen.get(fault) ?? 0) + 1
    seen.set(fault, count)
    const from = fault.from ?? 1
    if (hit === undefined && count >= from && count < from + (fault.times ?? 1)) hit = fault.trouble
  }
  return hit
}

function matches(on: Fault['on'], { service, action }: WireCall): boolean {
  if (on === undefined) return true
  const names = [action, `${service.id}:${action}`]
  return [on]
    .flat()
    .some((wanted) =>
      wanted.endsWith('*')
        ? names.some((name) => name.startsWith(wanted.slice(0, -1)))
        : names.includes(wanted),
    )
}

function record(call: WireCall, trouble: FaultyCall['trouble']): FaultyCall {
  const { service, action, members, region } = call
  const input = { ...members } as FaultyCall['input']
  return { service: service.id, action, input, region, ...(trouble === undefined ? {} : { trouble }) }
}
