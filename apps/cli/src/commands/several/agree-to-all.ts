import { agreementOf } from '@mlflow-iam/core/plan/agreement'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { count } from '../../output/count.ts'
import type { Io } from '../../output/io.ts'
import { type AgreementFlags, allowedDeletes, needsAnswer, tooManyDeletes } from '../agree.ts'
import { type SourceFlags, sourceOf } from './source-of.ts'

export interface PlannedAccount {
  readonly plan: Plan
  readonly alias?: string
}

/**
 * Makes sure that somebody agreed to every plan before anything is sent in any account; otherwise exit 4. Each
 * account that needs a confirmation is named by one `--confirm`; the deletions of all count together.
 */
export async function agreeToAll(
  accounts: readonly PlannedAccount[],
  flags: AgreementFlags & SourceFlags,
  io: Io,
): Promise<void> {
  const allowed = allowedDeletes(flags['allow-delete'])
  const wrong = flags.confirm?.find((given) => !accounts.some((one) => namesOf(one).includes(given)))
  if (wrong !== undefined) throw strangeName(wrong, accounts)
  const asked = accounts.map((one) => ({ ...one, ...agreementOf(one.plan) })).filter(({ changes }) => changes)
  if (asked.length === 0) return
  const confirmed = (one: PlannedAccount) => namesOf(one).some((name) => flags.confirm?.includes(name))
  const open = asked.filter((one) => one.confirm && !confirmed(one))
  const agreed = flags.yes === true || flags.confirm !== undefined
  const plain = agreed ? [] : asked.filter(({ confirm }) => !confirm)
  const deletes = asked.reduce((sum, one) => sum + one.deletes, 0)
  if (!io.canAsk) {
    const look = `Look: mlflow-iam plan ${sourceOf(flags, ...(flags.profile ?? []))} --show risk`
    if (open.length > 0) throw needsNames(open, look)
    if (plain.length > 0) throw needsYes(asked, look)
    if (deletes > allowed) throw tooManyDeletes(deletes, allowed)
    return
  }
  if (open.length + plain.length === 0 && deletes <= allowed) return
  const { askAgreement } = await import('../ask-agreement.ts')
  const questions = {
    ...(plain.length > 0 ? { yes: `Apply ${changesOf(asked)}?` } : {}),
    typed: open.map(nameOf),
    ...(deletes > allowed ? { deletes } : {}),
    reasons: open.flatMap((one) => one.reasons.map((reason) => `${nameOf(one)}: ${reason}`)),
  }
  await askAgreement(questions, io)
}

function namesOf({ plan, alias }: PlannedAccount): readonly string[] {
  return alias === undefined ? [plan.account] : [alias, plan.account]
}

function nameOf({ plan, alias }: PlannedAccount): string {
  return alias ?? plan.account
}

function changesOf(accounts: readonly PlannedAccount[]): string {
  const changes = accounts.reduce((sum, { plan }) => sum + plan.operations.length, 0)
  return `${count(changes, 'change')} in ${count(accounts.length, 'account')}`
}

function strangeName(given: string, accounts: readonly PlannedAccount[]) {
  return needsAnswer(
    'WRONG_CONFIRMATION',
    `--confirm ${JSON.stringify(given)} is none of these accounts.`,
    `They are called ${accounts.map(nameOf).join(', ')}. Nothing was sent anywhere.`,
    'Give the name of each account that you mean, each with a --confirm of its own.',
  )
}

function needsNames(
  open: readonly (PlannedAccount & { readonly reasons: readonly string[] })[],
  look: string,
) {
  const flags = open.map((one) => `--confirm ${nameOf(one)}`).join(' ')
  const reasons = open.flatMap((one) => one.reasons.map((reason) => `${nameOf(one)}: ${reason}`))
  return needsAnswer(
    'NEEDS_CONFIRMATION',
    `The plans need ${flags}.`,
    `${reasons.join('\n')}\nNothing was sent anywhere.`,
    look,
    `Then add ${flags}.`,
  )
}

function needsYes(asked: readonly PlannedAccount[], look: string) {
  return needsAnswer(
    'NEEDS_AGREEMENT',
    `The plans make ${changesOf(asked)}, and nobody agreed to them.`,
    'Standard input and output are not a terminal that could be asked, and no flag says yes. Nothing was sent anywhere.',
    look,
    'Then add --yes.',
  )
}
