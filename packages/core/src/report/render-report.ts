import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { mlflowActions } from '../catalog/actions.ts'
import { shortName } from '../evaluate/find-drift.ts'
import type { Finding, FindingLevel } from '../plan/plan.ts'
import { Html, html } from './html.ts'
import { createRedactor, openRedactor, type Redactor } from './redactor.ts'
import { accessChanges, changesTable } from './report-changes.ts'
import { commandDetails, documentDetails } from './report-documents.ts'
import type { ReportInput } from './report-input.ts'
import { personSections } from './report-people.ts'
import { reportStyle } from './report-style.ts'
import { actionMatrix, appTable, scrolling, serverMatrix } from './report-tables.ts'
import { type ReportView, viewOf } from './report-view.ts'

/**
 * The access review report: one HTML file that an auditor can keep. No script, no network, no credentials;
 * every name in it is escaped, and the page's own policy lets nothing but its style sheet apply.
 */
export function renderAccessReport(input: ReportInput): string {
  const redactor = input.redact ? createRedactor(input.snapshot, namesOfPlan(input)) : openRedactor
  const view = viewOf(input.snapshot, input.rows, redactor)
  const title = `MLflow access in ${redactor.text(input.snapshot.alias ?? input.snapshot.account)}`
  const sections = sectionsOf(input, view, redactor)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash()}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(reportStyle)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the findings</a>
<header>
<p class="kicker">Access review · MLflow on Amazon SageMaker AI</p>
<h1>${title}</h1>
${opening(input, view, redactor)}
<nav aria-label="Contents"><ol>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>
</header>
<main id="content">
${sections.map(({ id, title, body }, index) => html`<section aria-labelledby="${id}"><h2 id="${id}">${index + 1}. ${title}</h2>${body}</section>`)}
</main>
<footer><p>Made by mlflow-iam ${input.toolVersion} on ${minute(input.madeAt.toISOString())}. This file holds no credentials.</p></footer>
</body>
</html>
`.markup
}

/** The page allows this style sheet by its hash, and nothing else. */
function styleHash(): string {
  const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const bytes = sha256(utf8ToBytes(reportStyle))
  let text = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const [a = 0, b, c] = bytes.subarray(index, index + 3)
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    text += `${signs[bits >> 18]}${signs[(bits >> 12) & 63]}`
    text += b === undefined ? '=' : (signs[(bits >> 6) & 63] ?? '')
    text += c === undefined ? '=' : (signs[bits & 63] ?? '')
  }
  return text
}

interface Section {
  readonly id: string
  readonly title: string
  readonly body: Html
}

function sectionsOf(input: ReportInput, view: ReportView, redactor: Redactor): readonly Section[] {
  return [
    { id: 'findings', title: 'Findings by risk', body: findingsBody(redactor.findings(input.findings)) },
    ...(input.verified
      ? [{ id: 'verification', title: 'Verification', body: verificationBody(input, redactor) }]
      : []),
    { id: 'servers', title: 'People and servers', body: serversBody(view) },
    { id: 'actions', title: 'People and actions', body: actionsBody(view) },
    {
      id: 'people',
      title: 'Each person',
      body: html`<p>Who acts through it, what it may do, and which policies give that.</p>${personSections(view)}`,
    },
    { id: 'changes', title: 'Changes since the last report', body: changesBody(input, redactor) },
    { id: 'documents', title: 'Exact documents and commands', body: documentsBody(input) },
    { id: 'words', title: 'What the actions mean', body: glossary() },
    { id: 'sign-off', title: 'Sign-off', body: signOff() },
  ]
}

function opening(input: ReportInput, view: ReportView, redactor: Redactor): Html {
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

function findingsBody(findings: readonly Finding[]): Html {
  if (findings.length === 0) return html`<p>There are no findings.</p>`
  const levels: readonly (readonly [FindingLevel, string])[] = [
    ['high', 'High'],
    ['review', 'To review'],
    ['low', 'Low'],
  ]
  return html`${levels.map(([level, title]) => {
    const some = findings.filter((finding) => finding.level === level)
    if (some.length === 0) return html``
    return html`<h3>${title} (${some.length})</h3><ul class="findings">${some.map((finding) => html`<li class="${level}">${finding.message} <code>${finding.code}</code></li>`)}</ul>`
  })}`
}

function verificationBody(input: ReportInput, redactor: Redactor): Html {
  const verified = input.verified
  if (!verified) return html``
  const strict = verified.strict ? ' Access from elsewhere counted as a difference.' : ''
  if (verified.comparison.ok)
    return html`<p>The account gives exactly the access that the grants file describes.${strict}</p>`
  const lines = redactor
    .differences(verified.comparison.differences)
    .map(
      (one) =>
        html`<tr><th scope="row">${shortName(one.principal)}</th><td>${one.server === '*' ? 'whole account' : (one.server.split('/').at(-1) ?? one.server)}</td><td class="${one.missing.length > 0 ? 'deny' : ''}">${one.missing.join(', ') || 'nothing'}</td><td class="${one.extra.length > 0 ? 'else' : ''}">${one.extra.join(', ') || 'nothing'}</td><td>${one.because}</td></tr>`,
    )
  return html`<p>The account differs from the grants file in ${lines.length} ${lines.length === 1 ? 'place' : 'places'}.${strict}</p>${scrolling(
    'Differences from the grants file',
    html`<table><caption>Differences from the grants file</caption><thead><tr><th scope="col">Person</th><th scope="col">Server</th><th scope="col">Missing</th><th scope="col">Extra</th><th scope="col">Because</th></tr></thead><tbody>${lines}</tbody></table>`,
  )}`
}

function serversBody(view: ReportView): Html {
  if (view.people.length === 0) return html`<p>Nobody has access to any server.</p>`
  const others =
    view.without > 0
      ? html`<p>${view.without} other principals have no access to any server and are not listed.</p>`
      : html``
  return html`<p>A cell names the nearest persona. “data-scientist +1 -2” has one action more and two fewer; “more than viewer” has a persona and much beside. “From elsewhere” means policies that this tool does not own.</p>${serverMatrix(view)}${others}`
}

function actionsBody(view: ReportView): Html {
  if (view.people.length === 0) return html`<p>Nobody has access to any server.</p>`
  const parts = view.servers.map((server, index) => {
    const tables =
      server.kind === 'MLflow App'
        ? [appTable(server, index, view.people)]
        : actionMatrix(server, index, view.people)
    const status = server.status ? `, ${server.status}` : ''
    return html`<h3>${server.name}</h3><p class="muted">${server.kind} in ${server.region}${status} · ${server.arn}</p>${tables}`
  })
  return html`<p>“Allowed elsewhere” comes from a policy that this tool does not own; “denied” is allowed by one policy and taken away by another; “depends” hangs on a condition that is not known here. Opening the UI (AccessUI) counts for the whole account.</p><div class="wide">${parts}</div>`
}

function changesBody(input: ReportInput, redactor: Redactor): Html {
  if (!input.previous) return html`<p>No earlier report was given to compare with.</p>`
  const since = minute(input.previous.takenAt)
  const changes = accessChanges(input.previous.rows, input.rows)
  if (changes.length === 0) return html`<p>Nothing has changed since ${since}.</p>`
  return html`<p>Compared with ${since}.</p>${changesTable(changes, (arn) => redactor.text(arn.includes(':iam:') ? shortName(arn) : (arn.split('/').at(-1) ?? arn)))}`
}

function documentsBody(input: ReportInput): Html {
  if (input.redact) return html`<p>Left out here: documents and commands are exact only with their names.</p>`
  const documents = documentDetails(input)
  const what = input.verified
    ? 'The policies that the grants file stands for.'
    : 'The policies of the account that touch MLflow.'
  return html`<p>${what}</p>${documents.length > 0 ? documents : html`<p>There are none.</p>`}${commandDetails(input)}`
}

function glossary(): Html {
  const lines = mlflowActions.map(
    (action) =>
      html`<tr><th scope="row" id="action-${action.bare}">${action.bare}</th><td>${action.group}</td><td>${action.access}</td><td>${action.description}</td></tr>`,
  )
  return html`<p>The 61 actions of MLflow tracking servers. IAM cannot limit any of them to one experiment, run or model.</p>${scrolling(
    'The MLflow actions',
    html`<table><caption>The MLflow actions and what each lets someone do</caption><thead><tr><th scope="col">Action</th><th scope="col">Group</th><th scope="col">Level</th><th scope="col">Lets someone</th></tr></thead><tbody>${lines}</tbody></table>`,
  )}`
}

function signOff(): Html {
  const lines = ['Reviewed by', 'Approved by', 'Date and place', 'Next review on']
  return html`<p>By signing, the reviewer confirms having seen the findings and the access above.</p><div class="sign">${lines.map((line) => html`<p>${line}</p>`)}</div>`
}

/** `2026-11-24 12:00 UTC` */
function minute(time: string): string {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(time) ? `${time.slice(0, 16).replace('T', ' ')} UTC` : time
}

/** Names that only the plan knows: principals and policies that are not there yet. */
function namesOfPlan({ verified }: ReportInput): readonly string[] {
  if (!verified) return []
  const { target, name } = verified.plan
  return [
    name,
    ...target.principals.map((principal) => principal.name),
    ...target.policies.map((policy) => policy.name),
    ...target.roles.map((role) => role.name),
    ...target.servers.flatMap((server) => [
      server.key,
      ...server.artifacts.flatMap((place) => [place.bucket, place.prefix]),
    ]),
  ]
}
