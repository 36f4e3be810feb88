import type { ElsewhereServer } from '@mlflow-iam/core/evaluate/elsewhere-access'
import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import { parseArn } from '@mlflow-iam/core/policy/arn'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { isElsewhere } from '@mlflow-iam/core/target/resolve-servers'
import { usageProblem } from './usage-problem.ts'

/** The ARNs that `--principal` means: an ARN, `user/ana`, `profile/d-1/ben`, `permission-set/Name`. Unknown is exit 3. */
export function findPrincipals(
  snapshot: Snapshot,
  words: readonly string[] | undefined,
): readonly string[] | undefined {
  return words?.map((word) => findPrincipal(snapshot, word))
}

function findPrincipal(snapshot: Snapshot, word: string): string {
  const [kind = '', ...rest] = word.split('/')
  if (parseArn(word)) return known(snapshot, word) ?? unknown('principal', word, 'Check the ARN.')
  const name = rest.join('/')
  if (kind === 'profile') return profileRole(snapshot, word, rest)
  if (kind === 'permission-set') {
    return (
      snapshot.permissionSets.find((set) => set.name === name)?.arn ??
      unknown('principal', word, 'Check its name.')
    )
  }
  if (kind !== 'user' && kind !== 'group' && kind !== 'role') {
    throw usageProblem(
      `--principal ${JSON.stringify(word)} names nobody.`,
      'It takes an ARN, user/NAME, group/NAME, role/NAME, profile/DOMAIN/NAME or permission-set/NAME.',
      `For example: --principal user/${word.replace(/\W+/g, '') || 'ana'}`,
    )
  }
  const list = { user: snapshot.users, group: snapshot.groups, role: snapshot.roles }[kind]
  const bare = name.slice(name.lastIndexOf('/') + 1)
  // IAM names are unique whatever their case and path.
  const found = list.find((each) => each.name.toLowerCase() === bare.toLowerCase())
  return found?.arn ?? unknown('principal', word, 'See who there is: mlflow-iam show')
}

function profileRole(snapshot: Snapshot, word: string, [domain, ...name]: readonly string[]): string {
  const profile = snapshot.profiles.find((each) => each.domain === domain && each.name === name.join('/'))
  const role = profile?.role ?? (profile && snapshot.domains.find(({ id }) => id === domain)?.defaultRole)
  return role ?? unknown('profile', word, 'Name it as profile/DOMAIN/NAME.')
}

function known({ users, groups, roles, permissionSets }: Snapshot, arn: string): string | undefined {
  return [...users, ...groups, ...roles, ...permissionSets].find((each) => each.arn === arn)?.arn
}

/** The ARNs that `--server` means: an ARN, a tracking server's name, an App's id or name. Unknown is exit 3. */
export function findServers(
  snapshot: Snapshot,
  words: readonly string[] | undefined,
  elsewhere: readonly ElsewhereNamed[] = [],
): readonly string[] | undefined {
  return words?.flatMap((word) => {
    const found = [...snapshot.servers, ...snapshot.apps].filter(
      ({ arn, name }) => arn === word || name === word || arn.endsWith(`/${word}`),
    )
    if (found.length === 0 && elsewhere.some((server) => isNamed(server, word))) return []
    if (found.length === 0)
      unknown(
        'server',
        word,
        `Servers here: ${snapshot.servers.map(({ name }) => name).join(', ') || 'none'}.`,
      )
    return found.map(({ arn }) => arn)
  })
}

/** A server of another account, as the grants file names it. */
interface ElsewhereNamed extends ElsewhereServer {
  readonly key: string
}

/** The file's servers that this account reaches through roles of others. */
export function serversElsewhere(
  file: GrantsFile | undefined,
  account: string,
  words: readonly string[] | undefined,
): readonly ElsewhereNamed[] {
  const all = (file?.servers ?? []).flatMap((server) =>
    server.kind === 'arn' && isElsewhere(server, account)
      ? [{ key: server.key, server: server.arn, role: server.via }]
      : [],
  )
  return words === undefined ? all : all.filter((server) => words.some((word) => isNamed(server, word)))
}

function isNamed({ key, server }: ElsewhereNamed, word: string): boolean {
  return key === word || server === word || server.endsWith(`/${word}`)
}

function unknown(what: string, word: string, fix: string): never {
  throw new Problem(
    `UNKNOWN_${what.toUpperCase()}`,
    `There is no ${what} ${JSON.stringify(word)} in this account.`,
    {
      why: 'It was not found in what was read.',
      fix: [fix],
      exit: exitCodes.badInput,
    },
  )
}
