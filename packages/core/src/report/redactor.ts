import { mlflowActions } from '../catalog/actions.ts'
import type { AccessDifference, AccessRow } from '../evaluate/access.ts'
import { accountOf } from '../evaluate/account.ts'
import type { Finding } from '../plan/plan.ts'
import { arnName } from '../policy/arn.ts'
import { hexHash } from '../policy/hash.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'

/** Puts stable ids in the place of names: the same name of the same account always gets the same id. */
export interface Redactor {
  /** Any text: ARNs, sentences, documents. Words that name nothing in the account stay. */
  text(text: string): string
  rows(rows: readonly AccessRow[]): readonly AccessRow[]
  findings(findings: readonly Finding[]): readonly Finding[]
  differences(differences: readonly AccessDifference[]): readonly AccessDifference[]
}

/** Leaves everything as it is. */
export const openRedactor: Redactor = {
  text: (text) => text,
  rows: (rows) => rows,
  findings: (findings) => findings,
  differences: (differences) => differences,
}

/** Knows every name that the account and, where one is given, the grants file hold. */
export function createRedactor(snapshot: Snapshot, more: readonly string[] = []): Redactor {
  const ids = new Map<string, string>()
  const add = (kind: string, name: string | undefined) => {
    const key = name?.toLowerCase() ?? ''
    if (key === '' || plainWords.has(key) || region.test(key) || ids.has(key)) return
    ids.set(key, `${kind}-${hexHash(`${snapshot.account}/${key}`, 6)}`)
  }
  collect(snapshot, add)
  for (const name of more) add('name', name)
  const text = (source: string) => source.replace(/[\p{L}\p{N}_+=,.@-]+/gu, (word) => replaceWord(word, ids))
  const about = (finding: Finding) => ({
    ...(finding.principal === undefined ? {} : { principal: text(finding.principal) }),
    ...(finding.server === undefined ? {} : { server: text(finding.server) }),
  })
  return {
    text,
    rows: (rows) =>
      rows.map((row) => ({
        ...row,
        principal: text(row.principal),
        server: text(row.server),
        ...(row.decidedIn === undefined ? {} : { decidedIn: text(row.decidedIn) }),
        elsewhere: row.elsewhere.map((one) => ({ ...one, policy: text(one.policy) })),
      })),
    findings: (findings) =>
      findings.map((finding) => ({ ...finding, message: text(finding.message), ...about(finding) })),
    differences: (differences) =>
      differences.map((one) => ({
        ...one,
        principal: text(one.principal),
        server: text(one.server),
        because: text(one.because),
      })),
  }
}

/** Names of other accounts and their servers, which no snapshot of this one holds. */
export function namesElsewhere(rows: readonly AccessRow[]): readonly string[] {
  return rows.flatMap(({ decidedIn, server }) =>
    decidedIn === undefined ? [] : [decidedIn, arnName(server)],
  )
}

/** Names may hold `=`, `,`, `@` and a full stop, but so do sentences, lists and labels: the longest reading that is a name wins. */
function replaceWord(word: string, ids: ReadonlyMap<string, string>): string {
  const whole = ids.get(word.toLowerCase())
  if (whole !== undefined) return whole
  const parts = word.split(/([=,@.])/)
  let text = ''
  for (let from = 0; from < parts.length; ) {
    let to = Math.min(parts.length, from + longestName)
    while (to > from + 1 && !ids.has(parts.slice(from, to).join('').toLowerCase())) to--
    const part = parts.slice(from, to).join('')
    text += ids.get(part.toLowerCase()) ?? part
    from = to
  }
  return text
}

/** Parts and signs between them: names of 128 characters have at most as many. */
const longestName = 256

const region = /^[a-z]{2}(-[a-z]+){1,3}-\d$/

/** Words of ARNs, documents and sentences that must stay readable even where something is called so. */
const plainWords: ReadonlySet<string> = new Set(
  [
    'arn aws aws-us-gov iam sts sagemaker sagemaker-mlflow s3 kms sso user group role policy mlflow-app',
    'mlflow-tracking-server mlflow-iam inline assumed-role permissionset allow deny action resource statement',
    'aws-reserved sso.amazonaws.com service-role aws-service-role',
    'effect condition version sid the a of on is not and to in by no it as any all for its',
    ...mlflowActions.map((action) => action.bare),
  ].flatMap((words) => words.toLowerCase().split(' ')),
)

function collect(snapshot: Snapshot, add: (kind: string, name: string | undefined) => void): void {
  add('account', snapshot.account)
  add('alias', snapshot.alias)
  // Of who read it, the last part: a user, or a session of a role.
  add('user', snapshot.caller?.split('/').at(-1))
  for (const user of snapshot.users) add('user', user.name)
  for (const group of snapshot.groups) add('group', group.name)
  for (const role of snapshot.roles) add('role', role.name)
  for (const profile of snapshot.profiles) {
    add('profile', profile.name)
    add('domain', profile.domain)
  }
  for (const domain of snapshot.domains) {
    add('domain', domain.name)
    add('domain', domain.id)
  }
  for (const server of snapshot.servers) add('server', server.name)
  for (const app of snapshot.apps) {
    add('app', app.name)
    add('app', app.arn.split('/').at(-1))
  }
  for (const policy of snapshot.policies) {
    if (policy.arn.split(':')[4] === snapshot.account) add('policy', policy.name)
  }
  for (const set of snapshot.permissionSets) {
    add('permission-set', set.name)
    for (const account of set.accounts) add('account', account)
  }
  const account = accountOf(snapshot)
  for (const arn of account.holders) {
    for (const { policy } of account.find(arn)?.policies ?? []) {
      for (const statement of policy.statements) add('statement', statement.name.replace(/^#\d+$/, ''))
    }
  }
  for (const holder of [...snapshot.users, ...snapshot.groups, ...snapshot.roles]) {
    for (const part of holder.path.split('/')) add('path', part)
    for (const policy of holder.inline) add('policy', policy.name)
  }
  for (const holder of [...snapshot.users, ...snapshot.roles])
    for (const tag of holder.tags) add('tag', tag.Value)
  for (const server of [...snapshot.servers, ...snapshot.apps]) {
    for (const part of server.artifacts?.replace(/^s3:\/\//, '').split('/') ?? []) add('bucket', part)
    for (const tag of server.tags) add('tag', tag.Value)
  }
}
