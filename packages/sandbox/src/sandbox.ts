import { Account } from './account/account.ts'
import { uuidOf } from './account/ids.ts'
import { passTime } from './account/pass-time.ts'
import type { AccountState, SandboxState } from './account/state.ts'
import { seedTeam } from './seed/seed-team.ts'
import { services } from './services.ts'
import { renderAnswer, renderRefusal } from './wire/answer.ts'
import { authorize } from './wire/authorize.ts'
import type { WireRequest, WireResponse } from './wire/message.ts'
import { readCall, type WireCall } from './wire/read-call.ts'
import { Refusal } from './wire/refusal.ts'
import { readMembers } from './wire/rules.ts'
import { type SdkRequestHandler, sdkRequestHandler } from './wire/sdk-request-handler.ts'
import { checkSignIn } from './wire/sign-in.ts'
import { modeOf, type Storage } from './wire/storage.ts'

/** An AWS account in memory. */
export interface Sandbox {
  /** Answers one HTTP request as AWS would. */
  handle(request: WireRequest): Promise<WireResponse>
  /** The same as a `requestHandler` for clients of the AWS SDK. */
  readonly requestHandler: SdkRequestHandler
  /** The account as it is now. Change it with requests, not in place. */
  readonly state: SandboxState
  /** Requests that were understood, in order; the last 20,000 of them. */
  readonly calls: readonly SandboxCall[]
}

/** One request for a test to look at: `{ service: 'iam', action: 'CreateRole', input: { RoleName: … } }`. */
export interface SandboxCall {
  readonly service: string
  readonly action: string
  readonly input: Readonly<Record<string, unknown>>
  readonly region: string
}

export interface SandboxOptions {
  /** Copied; the seeded team where none is given. */
  readonly state?: SandboxState
  readonly now?: () => Date
  /** Where the state is kept beside memory; see `openSandboxFile`. */
  readonly storage?: Storage
}

const mostCalls = 20_000

/** Opens an account that lives as long as this value does. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  let account = new Account(structuredClone(options.state ?? seedTeam()) as AccountState)
  const now = options.now ?? (() => new Date())
  const calls: SandboxCall[] = []
  let requests = 0

  async function handle(request: WireRequest): Promise<WireResponse> {
    requests += 1
    const requestId = uuidOf(`request/${requests}`)
    let call: WireCall | undefined
    try {
      call = readCall(services, request)
      const output = await keptAnswer(call)
      return renderAnswer(call.service, call.action, output, requestId)
    } catch (error) {
      if (error instanceof Refusal) return renderRefusal(call?.service, error, requestId)
      throw error
    }
  }

  async function keptAnswer(call: WireCall): Promise<object> {
    if (options.storage === undefined) return answerCall(call)
    const { newer, finish } = await options.storage.begin(modeOf(call.action))
    if (newer !== undefined) account = new Account(newer)
    try {
      return await answerCall(call)
    } finally {
      await finish(account.state)
    }
  }

  async function answerCall(call: WireCall): Promise<object> {
    const time = now()
    const caller = checkSignIn(account, call, time)
    const { service, action, members, region } = call
    const operation = Object.hasOwn(service.operations, action) ? service.operations[action] : undefined
    if (operation === undefined) throw unknownOperation(call)
    const complaints: string[] = []
    const input = readMembers(operation.rules, members, complaints)
    calls.push({ service: service.id, action, input: input as SandboxCall['input'], region })
    if (calls.length > mostCalls) calls.splice(0, calls.length - mostCalls)
    if (complaints.length > 0) throw invalidMembers(call, complaints)
    await authorize(account, call, input, { caller, now: time })
    passTime(account)
    return operation.answer({ account, region, caller, now: time }, input as never)
  }

  return {
    handle,
    requestHandler: sdkRequestHandler(handle),
    get state() {
      return account.state
    },
    calls,
  }
}

function unknownOperation({ service, action }: WireCall): Refusal {
  return service.protocol === 'json'
    ? new Refusal('UnknownOperationException', `The operation ${action} is not known.`, 400)
    : new Refusal('InvalidAction', `Could not find operation ${action} for version ${service.version}`, 400)
}

function invalidMembers({ service }: WireCall, complaints: readonly string[]): Refusal {
  const count = complaints.length === 1 ? '1 validation error' : `${complaints.length} validation errors`
  const own = complaints.length === 1 && complaints[0]?.startsWith('The specified value')
  return new Refusal(
    service.protocol === 'json' ? 'ValidationException' : 'ValidationError',
    own ? (complaints[0] ?? '') : `${count} detected: ${complaints.join('; ')}`,
    400,
  )
}
