import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type DraftSession, draftsFolder, openDrafts } from './drafts.ts'

const session: DraftSession = {
  screen: 'access',
  places: { access: { row: 3, top: 0, column: 2, tab: 0 } },
  ticked: ['arn:aws:iam::1:user/ana'],
  members: [{ arn: 'arn:aws:iam::1:user/ana', refs: ['user/ana'] }],
  palette: ['auditor'],
  defaulted: ['roles'],
  rowOrder: [],
}
const now = new Date('2026-11-24T14:02:00Z')
const store = async () => openDrafts(join(await mkdtemp(join(tmpdir(), 'mlflow-iam-drafts-')), 'drafts'))

test('a draft is a grants file for its owner only, with one line on top that says where the person was', async () => {
  const drafts = await store()
  await drafts.save('team', 'version: 1\nname: team\n', session, now)
  const path = join(drafts.folder, 'team.yaml')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect((await readFile(path, 'utf8')).split('\n').slice(1)).toEqual(['version: 1', 'name: team', ''])
  expect((await drafts.read('team')).session).toEqual(session)
  expect(await drafts.list()).toEqual([{ name: 'team', step: 'access', savedAt: now.toISOString() }])
  expect(await readdir(drafts.folder)).toEqual(['team.yaml'])
})

test('a discarded draft is kept aside for seven days', async () => {
  const drafts = await store()
  await drafts.save('old', 'version: 1\nname: old\n', session, now)
  await drafts.discard('old', now)
  expect(await drafts.list()).toEqual([])
  expect(await readdir(join(drafts.folder, 'discarded'))).toHaveLength(1)
  await drafts.save('new', 'version: 1\nname: new\n', session, now)
  await drafts.discard('new', new Date(now.getTime() + 8 * 86_400_000))
  expect(await readdir(join(drafts.folder, 'discarded'))).toEqual([expect.stringMatching(/^new\./)])
})

test('a header that was edited by hand or by someone hostile leaves the draft readable', async () => {
  const drafts = await store()
  await drafts.save('team', 'version: 1\nname: team\n', session, now)
  const path = join(drafts.folder, 'team.yaml')
  const hostile = {
    screen: '__proto__',
    places: { access: { row: -1, column: 'x' } },
    ticked: [1, 'a'],
    members: 'no',
    actions: { open: [2] },
  }
  await writeFile(path, `# mlflow-iam draft: ${JSON.stringify(hostile)}\nversion: 1\nname: team\n`)
  const { session: read } = await drafts.read('team')
  expect(read).toMatchObject({
    screen: 'account',
    ticked: ['a'],
    members: [],
    places: { access: { row: 0, column: 0 } },
  })
  await writeFile(path, '# mlflow-iam draft: {broken\nversion: 1\nname: team\n')
  expect((await drafts.read('team')).session).toBeUndefined()
})

test('a draft that is not there says so', async () => {
  const drafts = await store()
  await expect(drafts.read('../../etc/passwd')).rejects.toMatchObject({ code: 'DRAFT_NOT_FOUND', exit: 3 })
})

test('drafts live where XDG says, else under the home folder', () => {
  expect(draftsFolder({ XDG_STATE_HOME: '/state' })).toBe('/state/mlflow-iam/drafts')
  expect(draftsFolder({})).toMatch(/\.local\/state\/mlflow-iam\/drafts$/)
})
