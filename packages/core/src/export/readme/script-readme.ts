import type { Plan } from '../../plan/plan.ts'
import type { ExportOptions } from '../exporter.ts'
import { runnerPolicy } from '../runner-policy.ts'
import { otherAccountsSection } from './other-accounts.ts'
import { commands, findingList, heading, page, runner, stepTable } from './parts.ts'

const words = {
  shell: { apply: 'bash apply.sh', undo: 'bash rollback.sh', flag: '--apply', needs: 'bash 3.2 or later' },
  powershell: {
    apply: 'pwsh ./apply.ps1',
    undo: 'pwsh ./rollback.ps1',
    flag: '-Apply',
    needs: 'PowerShell 7',
  },
}

/** The README beside the scripts: what they do, who runs them, with which rights, and how. */
export function scriptReadme(plan: Plan, options: ExportOptions, kind: 'shell' | 'powershell'): string {
  const { apply, undo, flag, needs } = words[kind]
  return page(
    heading(
      plan,
      options.toolVersion,
      'Two scripts that give this access with the AWS CLI, and take it back.',
    ),
    findingList(plan),
    [
      '## How',
      '',
      'Print every command, and change nothing:',
      '',
      commands(apply),
      '',
      'Send them, in order:',
      '',
      commands(`${apply} ${flag}`),
      '',
      'Print what would be taken back, then take it back:',
      '',
      commands(undo),
      '',
      commands(`${undo} ${flag}`),
      '',
      `Needs ${needs} and the AWS CLI, version 1 or 2, with its usual settings (\`AWS_PROFILE\` and so on).`,
      `Each script is complete in itself; \`policies/\` holds the same documents for reading.`,
      '',
      `- The first thing it does is compare the account with ${plan.account}; in any other it stops.`,
      '- A step that is done already is skipped: it can run twice, and again after it broke off.',
      '- It stops at the first error and names the step. Nothing after that step was sent.',
      '- If what it finds differs from what was planned, it stops instead of overwriting.',
      '- The rollback compares as well, and leaves alone what has changed since.',
      '  An old version of a policy that made room for a new one is not brought back; it gave nobody access.',
      ...madeRolesNote(plan),
      ...identityCenterNote(plan),
    ].join('\n'),
    stepTable(plan),
    otherAccountsSection(plan, { inline: false }),
    runner(plan, ', for both scripts.', runnerPolicy(plan, { undo: true })),
  )
}

/** The scripts see IAM alone, and IAM deletes a role that is in use without a word. */
function madeRolesNote({ operations }: Plan): readonly string[] {
  if (!operations.some(({ action }) => action === 'CreateRole')) return []
  return [
    '- The rollback deletes the roles that were made. It does not see what has come to use them: give tracking servers,',
    '  SageMaker profiles and domains another role first. `mlflow-iam rollback` looks for them, and leaves such a role.',
  ]
}

/** Identity Center lives in one region and one account, which need not be those of everything else. */
function identityCenterNote(plan: Plan): readonly string[] {
  if (!plan.operations.some(({ action }) => action === 'ProvisionPermissionSet')) return []
  return [
    '- Permission sets are changed too: sign in where Identity Center is managed, and set `AWS_REGION` to its region.',
  ]
}
