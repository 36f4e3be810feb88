// Lists what the bundle holds from other people, and refuses licences that are not permissive.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const allowed = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0'])

/** The packages that at least one byte of the bundle comes from, sorted. Throws on a licence that may not ship. */
export function readThirdParties(folder, metafile) {
  const shipped = new Set()
  for (const output of Object.values(metafile.outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      if (bytesInOutput > 0 && input.includes('node_modules/'))
        shipped.add(packageFolder(resolve(folder, input)))
    }
  }
  const parties = [...shipped].map(readParty)
  parties.sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1))
  const refused = parties.filter(({ license }) => !allowed.has(license))
  if (refused.length > 0) {
    const list = refused.map(({ name, version, license }) => `${name}@${version} (${license})`).join(', ')
    throw new Error(`These packages may not be bundled because of their licence: ${list}`)
  }
  return parties
}

/** The nearest folder whose package.json has a name: inner ones only say "type": "module". */
function packageFolder(file) {
  let folder = dirname(file)
  while (!hasName(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error(`${file} belongs to no package`)
    folder = parent
  }
  return folder
}

function hasName(file) {
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version !== undefined
}

function readParty(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const files = readdirSync(folder).filter((file) => /^(licen[sc]e|notice|copying)/i.test(file))
  const text = files
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
    .join('\n\n')
  return { name, version, license: license ?? 'unknown', text }
}

/** Terms that many packages repeat word for word. */
const commonTerms = {
  'Apache License 2.0':
    /^[ \t]*Apache License\s+Version 2\.0, January 2004[\s\S]*?(?:END OF TERMS AND CONDITIONS\n?|limitations under the License\.\n?$)/m,
  'MIT License': /^Permission is hereby granted, free of charge[\s\S]*?DEALINGS IN THE\s+SOFTWARE\.?/m,
}

/** The text that accompanies the program: each package with its licence; terms that many share once, at the end. */
export function renderLicenses(parties) {
  const intro = 'mlflow-iam contains parts of these packages, under their own licences.\n'
  const terms = Object.entries(commonTerms).flatMap(([title, pattern]) => {
    const found = parties.map(({ text }) => pattern.exec(text)?.[0]).find((text) => text !== undefined)
    return found === undefined ? [] : [{ title, pattern, found }]
  })
  const shorten = (text) =>
    terms.reduce(
      (rest, { title, pattern, found }) =>
        rest.replace(pattern, (own) =>
          words(own) === words(found) ? `The terms of the ${title}: see the end of this file.\n` : own,
        ),
      text,
    )
  const byText = new Map()
  for (const party of parties) {
    const text = shorten(party.text).trim()
    const key = `${party.license}\n${text}`
    byText.set(key, { text, parties: [...(byText.get(key)?.parties ?? []), party] })
  }
  const sections = [...byText.values()].map(({ text, parties: same }) => {
    const names = same.map(({ name, version, license }) => `${name} ${version} (${license})`)
    return section(`${names.join('\n')}\n\n${text || 'Its package holds no licence text.'}`)
  })
  return [intro, ...sections, ...terms.map(({ title, found }) => section(`${title}\n\n${found}`))].join('\n')
}

/** Line breaks and the form of quotes say nothing. */
function words(text) {
  return text
    .replace(/[\u201C\u201D]/g, '"')
    .replace(/\s+/g, ' ')
    .trim()
}

function section(text) {
  return `${'-'.repeat(78)}\n${text}\n`
}

/** CycloneDX 1.5, without time or serial number: the same build gives the same bytes. */
export function renderSbom({ version, parties }) {
  const components = parties.map(({ name, version: partyVersion, license }) => ({
    type: 'library',
    name,
    version: partyVersion,
    licenses: [{ license: { id: license } }],
    purl: `pkg:npm/${name.replace('@', '%40')}@${partyVersion}`,
  }))
  const sbom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'application', name: 'mlflow-iam', version } },
    components,
  }
  return `${JSON.stringify(sbom)}\n`
}
