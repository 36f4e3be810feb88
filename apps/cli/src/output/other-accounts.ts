import { otherDocuments } from '@mlflow-iam/core/export/other-accounts'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { arnName } from '@mlflow-iam/core/policy/arn'
import type { TargetElsewhere } from '@mlflow-iam/core/target/target-elsewhere'
import { principalWord } from './names.ts'
import type { Paint } from './paint.ts'
import { wrapText } from './table.ts'
import { terminalText } from './terminal-text.ts'

/** What other accounts have to do before a plan's access works there; nothing where every server is of this account. */
export function renderOtherAccounts(
  plan: Plan,
  { paint, width }: { readonly paint: Paint; readonly width: number },
): string[] {
  return (plan.target.elsewhere ?? []).flatMap((elsewhere) => [
    paint.strong(`For account ${elsewhere.account} to do`),
    ...linesOf(plan, elsewhere).flatMap((line) =>
      wrapText(terminalText(line), Math.max(24, width - 4)).map(
        (part, index) => `${index === 0 ? '  ' : '    '}${part}`,
      ),
    ),
  ])
}

function linesOf(plan: Plan, elsewhere: TargetElsewhere): readonly string[] {
  const { roles, buckets, keys } = elsewhere
  return [
    ...roles.flatMap(({ role, access }) => {
      const principals = [...new Set(access.flatMap((row) => row.principals))]
      const actions = new Set(access.flatMap((row) => row.actions))
      const servers = new Set(access.flatMap((row) => row.servers.map(arnName)))
      return [
        `role ${arnName(role)} trusts ${some(principals.map((arn) => nameOf(plan, arn)))}`,
        `role ${arnName(role)} allows ${actions.size} MLflow actions on ${some([...servers])}`,
      ]
    }),
    ...buckets.map(({ bucket }) => `bucket ${bucket} admits them, if it is of that account`),
    ...keys.map(({ key }) => `key ${arnName(key)} admits them`),
    `${otherDocuments(elsewhere).length} documents and their commands: mlflow-iam export --format policies --with-readme -o DIR`,
  ]
}

function nameOf({ target }: Plan, arn: string): string {
  const known = target.principals.find((principal) => principal.actsAs === arn)
  return principalWord(known?.arn ?? arn, target.principals)
}

function some(names: readonly string[]): string {
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
}
