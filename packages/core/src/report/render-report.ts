import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { mlflowActions } from '../catalog/actions.ts'
import { Html, html } from './html.ts'
import { nameOf } from './name-of.ts'
import { createRedactor, namesElsewhere, openRedactor, type Redactor } from './redactor.ts'
import { accessChanges, changesTable } from './report-changes.ts'
import { commandDetails, documentDetails } from './report-documents.ts'
import { findingsBody, verificationBody } from './report-findings.ts'
import type { ReportInput } from './report-input.ts'
import { minute, opening } from './report-opening.ts'
import { personSections } from './report-people.ts'
import { reportStyle } from './report-style.ts'
import { actionMatrix, appTable, scrolling, serverMatrix } from './report-tables.ts'
import { type ReportView, viewOf } from './report-view.ts'

/**
 * The access review report: one HTML file that an auditor can keep. No script, no network, no credentials;
 * every name in it is escaped, and the page's own policy lets nothing but its style sheet apply.
 */
export function renderAccessReport(input: ReportInput): string {
  const redactor = input.redact
    ? createRedactor(input.snapshot, [...namesOfPlan(input), ...namesElsewhere(input.rows)])
    : openRedactor
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
      ? [{ id: 'verification', title: 'Verification', body: verificationBody(input, view, redactor) }]
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
  return html`<p>“Allowed elsewhere” comes from a policy that this tool does not own; “denied” is allowed by one policy and taken away by another; “depends” hangs on a condition that is not known here, or on a policy that could not be read. Opening the UI (AccessUI) counts for the whole account.</p><div class="wide">${parts}</div>`
}

function changesBody(input: ReportInput, redactor: Redactor): Html {
  if (!input.previous) return html`<p>No earlier report was given to compare with.</p>`
  const since = minute(input.previous.takenAt)
  const changes = accessChanges(input.previous.rows, input.rows)
  if (changes.length === 0) return html`<p>Nothing has changed since ${since}.</p>`
  return html`<p>Compared with ${since}.</p>${changesTable(changes, (arn) => redactor.text(nameOf(arn)))}`
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
  return html`<p>The ${mlflowActions.length} actions of MLflow tracking servers. IAM cannot limit any of them to one experiment, run or model.</p>${scrolling(
    'The MLflow actions',
    html`<table><caption>The MLflow actions and what each lets someone do</caption><thead><tr><th scope="col">Action</th><th scope="col">Group</th><th scope="col">Level</th><th scope="col">Lets someone</th></tr></thead><tbody>${lines}</tbody></table>`,
  )}`
}

function signOff(): Html {
  const lines = ['Reviewed by', 'Approved by', 'Date and place', 'Next review on']
  return html`<p>By signing, the reviewer confirms having seen the findings and the access above.</p><div class="sign">${lines.map((line) => html`<p>${line}</p>`)}</div>`
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
