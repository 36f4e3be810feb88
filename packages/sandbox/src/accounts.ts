import type { SandboxState } from './account/state.ts'
import { prodAccount, seedProd } from './seed/seed-prod.ts'
import { seedTeam } from './seed/seed-team.ts'
import { account } from './seed/team-facts.ts'

/** One of the embedded accounts, and how it is picked: by profile in process, by access key on a port. */
export interface EmbeddedAccount {
  /** 12 digits. */
  readonly account: string
  /** The first is the one to name it by. */
  readonly profiles: readonly [string, ...string[]]
  readonly seed: () => SandboxState
}

const team: EmbeddedAccount = { account, profiles: ['dev', 'default'], seed: seedTeam }

/** Every embedded account, the one that is meant where none is named first. */
export const embeddedAccounts: readonly [EmbeddedAccount, ...EmbeddedAccount[]] = [
  team,
  { account: prodAccount, profiles: ['prod'], seed: seedProd },
]

/** The account that a profile picks; the team's own without one, undefined where there is none of that name. */
export function findEmbeddedAccount(profile?: string): EmbeddedAccount | undefined {
  if (profile === undefined) return team
  return embeddedAccounts.find(({ profiles }) => profiles.includes(profile))
}

/** Where an account is kept, given where the first one is: `sandbox.json`, `sandbox.210987654321.json`. */
export function accountFile(path: string, embedded: EmbeddedAccount): string {
  return embedded === team ? path : `${path.replace(/\.json$/, '')}.${embedded.account}.json`
}
