import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { releaseComplaints } from './release-complaints.mjs'

const manifest = {
  version: '1.2.3',
  repository: { type: 'git', url: 'git+https://example.com/team/tool.git' },
}
const changelog = '# mlflow-iam\n\n## 1.2.3\n\n### Minor Changes\n'

test('a release that is in order has no complaints', () => {
  expect(releaseComplaints(manifest, changelog, 'v1.2.3')).toEqual([])
})

test.each([
  ['no repository', { version: '1.2.3' }, changelog, 'v1.2.3', /no repository\.url/],
  ['an address that is none', { ...manifest, repository: { url: 'TODO' } }, changelog, 'v1.2.3', /TODO/],
  [
    'a directory',
    { ...manifest, repository: { ...manifest.repository, directory: 'apps/cli' } },
    changelog,
    'v1.2.3',
    /links of the README/,
  ],
  ['another tag', manifest, changelog, 'v1.2.4', /the tag is v1\.2\.4/],
  ['a changelog that lacks it', manifest, '# mlflow-iam\n\n## 1.2.30\n', 'v1.2.3', /CHANGELOG\.md has no/],
  ['no changelog', manifest, '', 'v1.2.3', /CHANGELOG\.md has no/],
])('%s is refused', (_, wrong, text, tag, complaint) => {
  expect(releaseComplaints(wrong, text, tag)).toEqual([expect.stringMatching(complaint)])
})

test('the workflow says where the sources are, looks, and only then publishes, with provenance', () => {
  const text = readFileSync(new URL('../.github/workflows/release.yml', import.meta.url), 'utf8')
  const places = [
    'id-token: write',
    'npm run check',
    'npm pkg set repository.type=git "repository.url=git+$GITHUB_SERVER_URL/$GITHUB_REPOSITORY.git"',
    'node scripts/check-package.mjs --release "$GITHUB_REF_NAME"',
    'publish --access public --provenance',
  ].map((piece) => text.indexOf(piece))
  expect(Math.min(...places)).toBeGreaterThan(0)
  expect(places).toEqual([...places].sort((one, other) => one - other))
  expect(text).not.toMatch(/secrets\.|NODE_AUTH_TOKEN|NPM_TOKEN/)
})
