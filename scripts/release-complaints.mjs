/**
 * What speaks against publishing: without `repository` npm shows no picture of the README, follows none of its links
 * and refuses the provenance, and a tag of another version would ship what nobody looked at.
 *
 * @param {{ version: string, repository?: { url?: string } }} manifest the package's `package.json`
 * @param {string} changelog the text of its `CHANGELOG.md`; empty where there is none
 * @param {string} tag `v1.2.3`
 * @returns {string[]} one line for each complaint
 */
export function releaseComplaints(manifest, changelog, tag) {
  const { version, repository } = manifest
  const url = repository?.url ?? ''
  return [
    /^git\+https:\/\/[^/]+\/[^/]+\/[^/]+\.git$/.test(url)
      ? []
      : [`package.json says no repository.url that npm can link to: ${JSON.stringify(url)}`],
    // README.md is the root's: a directory would move every link and picture of it.
    repository?.directory === undefined ? [] : ['repository.directory would break the links of the README'],
    tag === `v${version}` ? [] : [`the tag is ${tag}, and package.json says ${version}`],
    changelog.split('\n').includes(`## ${version}`)
      ? []
      : [`CHANGELOG.md has no "## ${version}": run npx changeset version`],
  ].flat()
}
