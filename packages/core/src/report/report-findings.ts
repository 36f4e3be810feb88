import type { Finding, FindingLevel } from '../plan/plan.ts'
import { type Html, html } from './html.ts'
import { nameOf } from './name-of.ts'
import type { Redactor } from './redactor.ts'
import type { ReportInput } from './report-input.ts'
import { scrolling } from './report-tables.ts'
import type { ReportView } from './report-view.ts'

/** Findings by risk, high first. */
export function findingsBody(findings: readonly Finding[]): Html {
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

/** Where the account differs from the grants file, and why. */
export function verificationBody(input: ReportInput, view: ReportView, redactor: Redactor): Html {
  const verified = input.verified
  if (!verified) return html``
  const strict = verified.strict ? ' Access from elsewhere counted as a difference.' : ''
  if (verified.comparison.ok)
    return html`<p>The account gives exactly the access that the grants file describes.${strict}</p>`
  const people = new Map(view.people.map((person) => [person.arn, person]))
  const lines = redactor.differences(verified.comparison.differences).map((one) => {
    const person = people.get(one.principal)
    const who = person
      ? html`<a href="#${person.anchor}">${person.name}</a> <small>${person.kind}</small>`
      : html`${nameOf(one.principal)}`
    const server = one.server === '*' ? 'whole account' : nameOf(one.server)
    const missing = html`<td class="${one.missing.length > 0 ? 'lack' : 'no'}">${one.missing.join(', ') || 'nothing'}</td>`
    const extra = html`<td class="${one.extra.length > 0 ? 'else' : 'no'}">${one.extra.join(', ') || 'nothing'}</td>`
    return html`<tr><th scope="row">${who}</th><td>${server}</td>${missing}${extra}<td>${one.because}</td></tr>`
  })
  const places = lines.length === 1 ? 'one place' : `${lines.length} places`
  return html`<p>The account differs from the grants file in ${places}.${strict}</p>${scrolling(
    'Differences from the grants file',
    html`<table><caption>Differences from the grants file</caption>
<thead><tr><th scope="col">Person</th><th scope="col">Server</th><th scope="col">Missing</th><th scope="col">Extra</th><th scope="col">Because</th></tr></thead><tbody>${lines}</tbody></table>`,
  )}`
}
