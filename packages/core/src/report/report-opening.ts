import { type Html, html } from './html.ts'
import type { Redactor } from './redactor.ts'
import type { ReportInput } from './report-input.ts'
import type { ReportView } from './report-view.ts'

/** What a reader needs before anything else: the figures, who read what and when, and what cannot be seen. */
export function opening(input: ReportInput, view: ReportView, redactor: Redactor): Html {
  const { snapshot, verified } = input
  const high = input.findings.filter((finding) => finding.level === 'high').length
  const review = input.findings.filter((finding) => finding.level === 'review').length
  const fact = (name: string, value: string | undefined) =>
    value === undefined ? html`` : html`<dt>${name}</dt><dd>${redactor.text(value)}</dd>`
  return html`<ul class="tiles">
<li><strong>${view.people.length}</strong> ${view.people.length === 1 ? 'person or role' : 'people and roles'} with access</li>
<li><strong>${view.servers.length}</strong> ${view.servers.length === 1 ? 'server' : 'servers'} and Apps</li>
<li><strong>${high}</strong> high ${high === 1 ? 'finding' : 'findings'}</li>
<li><strong>${review}</strong> to review</li>
${verified ? html`<li><strong>${verified.comparison.ok ? 'as described' : `${verified.comparison.differences.length} differences`}</strong> against the grants file</li>` : html``}
</ul>
<dl class="facts">
${fact('Account', snapshot.alias ? `${snapshot.account} (${snapshot.alias})` : snapshot.account)}
${fact('Region', snapshot.region)}
${fact('Read by', snapshot.caller ?? 'not known')}
${fact('Read at', minute(snapshot.takenAt))}
${fact('Grants file', verified?.plan.name)}
${fact('Plan', verified?.plan.id)}
<dt>Method</dt><dd>${methods[input.method]}</dd>
<dt>Tool</dt><dd>mlflow-iam ${input.toolVersion}</dd>
</dl>
<p>${limits[input.method]} When access was last used was not read.</p>
${snapshot.unknown.length > 0 ? html`<p>Could not be read: ${redactor.text(snapshot.unknown.map((part) => `${part.part} (${part.action})`).join(', '))}. What is not shown here may still exist there.</p>` : html``}`
}

const methods: Record<ReportInput['method'], string> = {
  read: 'Policies were read and evaluated by this tool',
  simulate: 'AWS simulated each request (iam:SimulatePrincipalPolicy)',
}

const limits: Record<ReportInput['method'], string> = {
  read: 'Identity policies, groups and permissions boundaries count here. Policies of the organisation, of VPC endpoints, of sessions and of S3 buckets are not seen: they can take access away, and bucket policies can also add some.',
  simulate:
    'Simulation does not evaluate organisation policies that have conditions, resource control policies, VPC endpoint policies, access from other accounts, or policies of resources for roles. Condition keys count only as far as they were supplied.',
}

/** `2026-11-24 12:00 UTC` */
export function minute(time: string): string {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(time) ? `${time.slice(0, 16).replace('T', ' ')} UTC` : time
}
