/** The report's one style sheet: light and dark, screen and paper. Nothing is loaded from anywhere. */
export const reportStyle = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --panel: #f6f7f9; --text: #16191d; --muted: #545c66; --line: #d5dae0; --link: #0a58ca;
  --yes: #e2f3e8; --yes-text: #0b5227; --else: #fdf1d3; --else-text: #6a4300;
  --deny: #fce4e4; --deny-text: #8a1414; --dep: #e6ebfb; --dep-text: #233a86; --accent: #2b4acb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --panel: #1c2127; --text: #e8ebef; --muted: #a9b2bd; --line: #363d46; --link: #8ab4ff;
    --yes: #12351f; --yes-text: #a5e3b9; --else: #3b2d0a; --else-text: #f3d48a;
    --deny: #451a1a; --deny-text: #ffb9b5; --dep: #1d2748; --dep-text: #c0ccff; --accent: #9db0ff;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
header, main, footer { max-width: 76rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 2.5rem; }
main { padding-bottom: 2rem; }
a { color: var(--link); text-underline-offset: 0.15em; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; padding: 0.5rem 1rem; background: var(--page); z-index: 1; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0.25rem 0 0.5rem; letter-spacing: -0.01em; }
h2 { font-size: 1.4rem; margin: 3rem 0 0.75rem; padding-top: 1rem; border-top: 2px solid var(--line); }
h3 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
p { margin: 0.5rem 0; max-width: 46rem; }
.kicker { color: var(--muted); margin: 0; font-weight: 600; }
.muted, caption, dt { color: var(--muted); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 0.75rem; margin: 1.5rem 0; padding: 0; list-style: none; }
.tiles li { background: var(--panel); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.75rem 1rem; }
.tiles strong { display: block; font-size: 1.5rem; line-height: 1.3; }
h1, h2, h3, p, li, summary { overflow-wrap: anywhere; }
dl.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.25rem 1.25rem; margin: 1rem 0; }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
nav ol { columns: 2; max-width: 46rem; padding-left: 1.5rem; }
.scroll { overflow-x: auto; margin: 0.75rem 0 1.5rem; }
table { border-collapse: collapse; font-size: 0.875rem; min-width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 0 0 0.5rem; font-size: 0.875rem; }
th, td { border: 1px solid var(--line); padding: 0.35rem 0.6rem; text-align: left; vertical-align: top; }
thead th { background: var(--panel); vertical-align: bottom; }
th[scope="row"] { font-weight: 600; min-width: 8rem; max-width: 18rem; overflow-wrap: anywhere; background: var(--page); }
.scroll th[scope="row"], .scroll thead tr:first-child th:first-child { position: sticky; left: 0; }
small { font-size: 0.85em; font-weight: 400; color: var(--muted); }
td small { display: block; color: inherit; }
h3 small { font-size: 0.8em; }
table.grid { font-size: 0.75rem; line-height: 1.25; min-width: 0; }
table.grid th, table.grid td { padding: 0.3rem 0.4rem; }
table.grid th[scope="row"] { min-width: 11rem; }
table.grid th.turn { padding: 0.5rem 0.15rem; white-space: nowrap; text-align: center; }
table.grid th.turn a { writing-mode: vertical-rl; transform: rotate(180deg); color: inherit; text-decoration: none; }
table.grid th.turn a:hover { text-decoration: underline; }
table.grid td { text-align: center; width: 4.6rem; min-width: 4.6rem; }
.yes { background: var(--yes); color: var(--yes-text); }
.else { background: var(--else); color: var(--else-text); }
.deny { background: var(--deny); color: var(--deny-text); font-weight: 600; }
.lack { background: var(--deny); color: var(--deny-text); }
.dep { background: var(--dep); color: var(--dep-text); }
.no { color: var(--muted); }
.findings { list-style: none; padding: 0; }
.findings li { border: 1px solid var(--line); border-left-width: 0.4rem; border-radius: 0.35rem; padding: 0.6rem 0.9rem; margin: 0.5rem 0; max-width: 60rem; }
.findings .high { border-left-color: var(--deny-text); }
.findings .review { border-left-color: var(--else-text); }
.findings .low { border-left-color: var(--dep-text); }
.findings code { color: var(--muted); }
code, pre { font: 0.8125rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 0.35rem; padding: 0.75rem 1rem; white-space: pre-wrap; margin: 0.5rem 0 1rem; }
details { margin: 0.5rem 0; }
summary { cursor: pointer; padding: 0.2rem 0; }
.person { border: 1px solid var(--line); border-radius: 0.5rem; padding: 0 1.25rem 1rem; margin: 1.25rem 0; }
.person h3 { margin-top: 1rem; }
.sign { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 2.5rem 2rem; margin: 2.5rem 0; }
.sign p { border-top: 1px solid var(--text); padding-top: 0.35rem; margin-top: 3rem; }
footer { color: var(--muted); font-size: 0.875rem; padding-top: 1rem; padding-bottom: 3rem; border-top: 1px solid var(--line); }
@media (max-width: 40rem) {
  header, main, footer { padding-left: 1rem; padding-right: 1rem; }
  dl.facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dl.facts dd { margin-bottom: 0.5rem; }
  nav ol { columns: 1; }
  .person { padding-left: 0.75rem; padding-right: 0.75rem; }
}
@page { size: A4; margin: 14mm; }
@page wide { size: A4 landscape; margin: 10mm; }
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --panel: #f3f4f6; --text: #000000; --muted: #444444; --line: #b5bbc2; --link: #000000;
    --yes: #e2f3e8; --yes-text: #063d1b; --else: #fdf1d3; --else-text: #4d3000;
    --deny: #fce4e4; --deny-text: #6d0d0d; --dep: #e6ebfb; --dep-text: #172a66;
  }
  body { font-size: 10pt; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  a { text-decoration: none; }
  .skip, nav { display: none; }
  .scroll th[scope="row"], .scroll thead tr:first-child th:first-child { position: static; }
  th[scope="row"], table.grid th[scope="row"] { min-width: 0; }
  .scroll { overflow: visible; }
  thead { display: table-header-group; }
  tr, .findings li, .tiles li { break-inside: avoid; }
  h2, h3, caption, summary { break-after: avoid; }
  .wide { page: wide; }
  .person { break-before: page; border: 0; padding: 0; }
  table { font-size: 8pt; }
  table.grid { font-size: 6.5pt; width: 100%; table-layout: fixed; }
  table.grid thead tr:first-child th:first-child { width: 34mm; }
  table.grid th, table.grid td { padding: 0.8mm 0.6mm; }
  table.grid td { width: auto; min-width: 0; overflow-wrap: anywhere; }
  td, .tiles li, .findings li, pre { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details::details-content { display: block; content-visibility: visible; height: auto; }
  summary { list-style: none; }
  pre { font-size: 7.5pt; }
}
`
