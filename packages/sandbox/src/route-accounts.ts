import type { EmbeddedAccount } from './accounts.ts'
import type { Sandbox } from './sandbox.ts'
import { headerOf, type WireRequest, type WireResponse } from './wire/message.ts'

/** An embedded account that is open. */
export interface OpenAccount {
  readonly embedded: EmbeddedAccount
  readonly sandbox: Pick<Sandbox, 'handle' | 'state'>
}

/**
 * Several accounts behind one address. Who signs picks one: an access key that is a profile's name (`prod`), or one
 * that AssumeRole gave out there; everyone else meets the first. AssumeRole goes to the account of its role.
 */
export function routeAccounts(accounts: readonly [OpenAccount, ...OpenAccount[]]): {
  handle(request: WireRequest): Promise<WireResponse>
} {
  const pick = (request: WireRequest): OpenAccount => {
    const entered = /[?&]?\bRoleArn=arn%3Aaws[a-z-]*%3Aiam%3A%3A(\d{12})%3A/i.exec(assumed(request))?.[1]
    const key = accessKeyOf(request)
    return (
      accounts.find(({ embedded }) => embedded.account === entered) ??
      accounts.find(({ embedded, sandbox }) => key !== undefined && isKeyOf(key, embedded, sandbox.state)) ??
      accounts[0]
    )
  }
  return { handle: (request) => pick(request).sandbox.handle(request) }
}

function isKeyOf(key: string, { profiles }: EmbeddedAccount, { sessions = [] }: Sandbox['state']): boolean {
  return profiles.includes(key.toLowerCase()) || sessions.some(({ accessKey }) => accessKey === key)
}

function accessKeyOf(request: WireRequest): string | undefined {
  return /Credential=([\w+=,.@-]+)\//.exec(headerOf(request, 'authorization') ?? '')?.[1]
}

/** The body of a request that asks for a role's session; empty for every other. */
function assumed({ body }: WireRequest): string {
  if (body === undefined || body.length > 20_000) return ''
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
  return /\bAction=AssumeRole(?:&|$)/.test(text) ? text : ''
}
