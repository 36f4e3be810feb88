import { accountOf } from '../evaluate/account.ts'
import { isEmptyBits } from '../evaluate/action-bits.ts'
import { policyWords } from '../evaluate/statement-findings.ts'
import { renderCommands } from '../export/render-commands.ts'
import { documentText } from '../policy/document.ts'
import { type Html, html } from './html.ts'
import type { ReportInput } from './report-input.ts'

/** The exact documents: of a plan what it writes, else every policy in the account that touches MLflow. */
export function documentDetails(input: ReportInput): readonly Html[] {
  const plan = input.verified?.plan
  const documents = plan
    ? plan.target.policies.map((policy) => ({
        title: `${policy.name}: ${policy.purpose}`,
        text: documentText(policy.document),
      }))
    : mlflowPolicies(input)
  return documents.map(
    ({ title, text }) => html`<details><summary>${title}</summary><pre>${text}</pre></details>`,
  )
}

/** The AWS CLI calls that are still to be made, where the account is not as the plan wants it. */
export function commandDetails(input: ReportInput): Html {
  const plan = input.verified?.plan
  if (!plan) return html``
  return html`<details><summary>The AWS CLI commands of plan ${plan.id}</summary><pre>${renderCommands(plan)}</pre></details>`
}

function mlflowPolicies({ snapshot, rows }: ReportInput): readonly { title: string; text: string }[] {
  const account = accountOf(snapshot)
  const labels = new Map<string, string>()
  for (const arn of new Set(rows.map((row) => row.principal))) {
    for (const { label, policy } of account.find(arn)?.policies ?? []) {
      if (labels.has(label) || policy.statements.every((statement) => isEmptyBits(statement.bits))) continue
      labels.set(label, policy.text)
    }
  }
  return [...labels].map(([label, text]) => ({ title: policyWords(label), text: pretty(text) }))
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
