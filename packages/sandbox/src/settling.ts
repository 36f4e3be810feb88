import type { WireCall } from './wire/read-call.ts'
import { Refusal } from './wire/refusal.ts'

const nameMembers = ['RoleName', 'UserName', 'GroupName', 'PolicyName', 'PolicyArn'] as const

/**
 * IAM is eventually consistent: what was just made may not be found for a while. Counted in requests that name
 * the new thing, so that a test neither waits nor flickers.
 */
export class Settling {
  readonly #requests: number
  readonly #left = new Map<string, number>()

  constructor(requests: number) {
    this.#requests = requests
  }

  /** Notes what a successful request made. */
  watch({ action, members }: WireCall): void {
    if (this.#requests === 0) return
    const made = /^Create(Role|User|Group|Policy)$/.exec(action)?.[1]
    const name = made === undefined ? undefined : (members as Record<string, unknown>)[`${made}Name`]
    if (typeof name === 'string') this.#left.set(`${made}/${name.toLowerCase()}`, this.#requests)
  }

  /** The refusal of a request that names something too new; undefined where it may pass. */
  refusalOf({ action, members }: WireCall): Refusal | undefined {
    if (action.startsWith('Create') && action !== 'CreatePolicyVersion') return undefined
    const given = members as Record<string, unknown>
    for (const member of nameMembers) {
      const value = given[member]
      if (typeof value !== 'string') continue
      const key = `${member.replace(/Name$|Arn$/, '')}/${value.slice(value.lastIndexOf('/') + 1).toLowerCase()}`
      const left = this.#left.get(key) ?? 0
      if (left === 0) continue
      this.#left.set(key, left - 1)
      return new Refusal('NoSuchEntity', `The entity ${value} cannot be found.`, 404)
    }
    return undefined
  }
}
