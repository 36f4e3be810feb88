import { mlflowActions } from '@mlflow-iam/core/catalog/actions'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { judge } from '../../../packages/core/test/oracle/naive-evaluator.ts'

/** 38 of the sandbox team's 131 profiles, over 19 of their 40 roles: three shared roles whole, 16 of a person's own. */
export const chosenProfiles: readonly string[] = [
  ...['ana-silva', 'ben-okafor', 'dara-kim', 'gita-rao', 'henrik-lund', 'ines-costa', 'jonas-weber'],
  ...[
    'kofi-mensah',
    'lena-fischer',
    'marco-rossi',
    'nadia-haddad',
    'oskar-nowak',
    'priya-nair',
    'quentin-roy',
  ],
  ...['sara-lindqvist', 'tomas-novak', 'uma-patel', 'viktor-petrov', 'wanda-kowalska'],
  ...['xenia-marin', 'yusuf-demir', 'zoe-martin'],
  ...[
    'aaron-blum',
    'adele-moreau',
    'bianca-ferri',
    'bram-visser',
    'carlos-vega',
    'celia-fonseca',
    'chen-wei',
  ],
  ...['dmitri-volkov', 'dorota-zajac', 'emil-berg', 'erin-doyle', 'farid-nasser', 'fatima-zahra'],
  ...['felix-krause', 'greta-holm', 'gustav-ek'],
].map((name) => `profile/d-abc123/${name}`)

/** Everything that was read of an account, but for when. */
export function timeless({ takenAt: _, ...account }: Snapshot): Omit<Snapshot, 'takenAt'> {
  return account
}

type Access = ReadonlyMap<string, readonly string[]>

const judged = new WeakMap<Snapshot, Access>()

/** What each profile, user, group and role may do on each tracking server, as the naive evaluator reads the policies. */
function naiveAccess(snapshot: Snapshot): Access {
  const access = judged.get(snapshot) ?? judge61(snapshot)
  judged.set(snapshot, access)
  return access
}

function judge61(snapshot: Snapshot): Access {
  const known = new Map<string, readonly string[]>()
  const access = new Map<string, readonly string[]>()
  const put = (who: string, documents: readonly string[], boundary: string | undefined): void => {
    for (const { arn, name } of snapshot.servers) {
      const key = JSON.stringify([documents, boundary, arn])
      const actions =
        known.get(key) ??
        mlflowActions
          .map((action) => action.bare)
          .filter((bare) => {
            const question = { action: `sagemaker-mlflow:${bare}`, resource: bare === 'AccessUI' ? '*' : arn }
            return judge({ ...question, context: {} }, documents, boundary) === 'allowed'
          })
      known.set(key, actions)
      access.set(`${who} on ${name}`, actions)
    }
  }
  const text = (arn: string): string => {
    const policy = snapshot.policies.find((each) => each.arn === arn)
    const version = policy?.versions.find(({ id }) => id === policy.defaultVersion)
    return version?.document ?? '{"Statement":[]}'
  }
  const own = ({ attached, inline }: Snapshot['groups'][number]): readonly string[] => [
    ...attached.map(text),
    ...inline.map(({ document }) => document),
  ]
  const limit = (boundary: string | undefined) => (boundary === undefined ? undefined : text(boundary))
  for (const user of snapshot.users) {
    const groups = snapshot.groups.filter(({ name }) => user.groups.includes(name))
    put(`user/${user.name}`, [user, ...groups].flatMap(own), limit(user.boundary))
  }
  for (const group of snapshot.groups) put(`group/${group.name}`, own(group), undefined)
  for (const role of snapshot.roles) put(`role/${role.name}`, own(role), limit(role.boundary))
  for (const { domain, name, role } of snapshot.profiles) {
    const arn = role ?? snapshot.domains.find(({ id }) => id === domain)?.defaultRole
    const acts = snapshot.roles.find((each) => each.arn === arn)
    if (acts) put(`profile/${domain}/${name}`, own(acts), limit(acts.boundary))
  }
  return access
}

/**
 * Who gained exactly which actions: `profile/d-abc123/ana-silva on ml-dev` with what is beyond `before`. Whoever lost
 * something stands there too, with a minus.
 */
function changes(before: Snapshot, after: Snapshot): Access {
  const had = naiveAccess(before)
  const found = new Map<string, readonly string[]>()
  for (const [who, has] of naiveAccess(after)) {
    const was = had.get(who) ?? []
    const change = [
      ...has.filter((action) => !was.includes(action)),
      ...was.filter((action) => !has.includes(action)).map((action) => `-${action}`),
    ]
    if (change.length > 0) found.set(who, change)
  }
  return found
}

/** What the 38 and nobody else should have gained by a persona, beside what they had before. */
export function expectPersona(
  before: Snapshot,
  after: Snapshot,
  persona: readonly string[],
): { readonly found: object; readonly wanted: object } {
  const had = naiveAccess(before)
  const wanted = new Map<string, readonly string[]>()
  const roles = new Set(
    before.profiles
      .filter(({ domain, name }) => chosenProfiles.includes(`profile/${domain}/${name}`))
      .map(({ role }) => `role/${role?.slice(role.lastIndexOf('/') + 1)}`),
  )
  for (const who of [...chosenProfiles, ...roles]) {
    for (const { name } of before.servers) {
      const key = `${who} on ${name}`
      const gains = persona.filter((action) => !had.get(key)?.includes(action))
      if (gains.length > 0) wanted.set(key, gains)
    }
  }
  const sorted = (map: Access) =>
    Object.fromEntries([...map].map(([who, actions]) => [who, [...actions].sort()]))
  return { found: sorted(changes(before, after)), wanted: sorted(wanted) }
}
