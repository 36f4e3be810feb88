import type { Plan } from '../plan/plan.ts'
import { arnName } from '../policy/arn.ts'
import { documentText } from '../policy/document.ts'
import type { ExportedFile, PlanExporter } from './exporter.ts'
import { otherAccountFiles } from './other-accounts.ts'
import { policiesReadme } from './readme/policies-readme.ts'

/** The JSON documents alone: one file for each policy and each role's trust. */
export const policiesExporter: PlanExporter = {
  render: (plan, options) => [
    ...policyFiles(plan),
    ...otherAccountFiles(plan),
    ...(options.readme
      ? [{ path: 'README.md', text: policiesReadme(plan, options), executable: false }]
      : []),
  ],
}

/**
 * `policies/<name>.json` for each policy, `policies/<role>.trust.json` for each role that the plan makes, and
 * `policies/permission-set-<name>.inline.json` for each set that holds its grants inline.
 */
export function policyFiles(plan: Plan): readonly ExportedFile[] {
  const { policies, roles } = plan.target
  const made = roles.filter(({ existing }) => !existing)
  return [
    ...policies.map(({ name, document }) => file(`${name}.json`, documentText(document))),
    ...made.map(({ name, trust }) => file(`${name}.trust.json`, documentText(trust))),
    ...(plan.target.inline ?? []).map(({ principal, document }) =>
      file(`permission-set-${setName(plan, principal)}.inline.json`, document.trimEnd()),
    ),
  ]
}

function setName(plan: Plan, arn: string): string {
  return plan.target.principals.find((principal) => principal.arn === arn)?.name ?? arnName(arn)
}

function file(name: string, text: string): ExportedFile {
  return { path: `policies/${fileName(name)}`, text: `${text}\n`, executable: false }
}

/** IAM names are file names but for a leading dot or dash; anything else does not come from a plan of ours. */
function fileName(name: string): string {
  return name.replace(/[^A-Za-z0-9+=,.@_-]/g, '_').replace(/^[.-]/, '_')
}
