import { parseGrants } from '@mlflow-iam/core/grants/parse-grants'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { expect, test } from 'vitest'
import { cellFacts } from '../../src/wizard/cells.ts'
import { drawFrame } from '../../src/wizard/draw.ts'
import { cellsAt, editOf } from '../../src/wizard/edit.ts'
import { grantsText } from '../../src/wizard/grants-text.ts'
import { initialModel, type Model } from '../../src/wizard/model.ts'
import { visibleRows } from '../../src/wizard/rows.ts'
import { update } from '../../src/wizard/update.ts'
import { keys } from './drive.ts'
import { day, press, signedIn, snapshotOf, user } from './fixture.ts'

const { esc, enter, right, tab, space } = keys
const account = '123456789012'
const shared = `arn:aws:iam::${account}:role/ds-shared`

/** The small account with a domain whose default role is shared too, an App, and permission sets. */
function fullSnapshot(): Snapshot {
  const base = snapshotOf()
  const arn = (resource: string) => `arn:aws:sagemaker:eu-west-1:${account}:${resource}`
  const [role] = base.roles
  if (!role) throw new Error('no role')
  const [legacy] = base.policies
  const other = {
    ...role,
    arn: `${shared.replace('ds-shared', 'service-role/studio')}`,
    name: 'studio',
    path: '/service-role/',
    id: 'AROASTUDIO',
  }
  return {
    ...base,
    roles: [{ ...role, attached: legacy ? [legacy.arn] : [] }, other],
    groups: [
      {
        arn: `arn:aws:iam::${account}:group/labs`,
        name: 'labs',
        path: '/',
        id: 'AGPALABS',
        inline: [],
        attached: legacy ? [legacy.arn] : [],
      },
    ],
    users: [...base.users, user('zoe', { groups: ['labs'] })],
    domains: [
      { id: 'd-abc', arn: arn('domain/d-abc'), name: 'lab', region: 'eu-west-1', defaultRole: other.arn },
    ],
    profiles: [
      ...base.profiles,
      { domain: 'd-abc', name: 'gita', arn: arn('user-profile/d-abc/gita'), region: 'eu-west-1' },
      { domain: 'd-abc', name: 'hugo', arn: arn('user-profile/d-abc/hugo'), region: 'eu-west-1' },
    ],
    apps: [{ arn: arn('mlflow-app/app-1'), name: 'genai', region: 'eu-west-1', status: 'Created', tags: [] }],
    permissionSets: [
      {
        arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
        instanceArn: 'arn:aws:sso:::instance/ssoins-1',
        name: 'MLScientist',
        managedPolicies: [],
        customerManaged: [],
        accounts: [account, '210987654321'],
      },
    ],
  }
}

const at = {
  servers: () => press(signedIn(fullSnapshot()), '\r\r'),
  people: (source = 0) => press(signedIn(fullSnapshot()), '\r\r\r', tab.repeat(source)),
}
const profiles = 3
const sets = 4
const domains = 5

/** The wizard that opens what another one saved, in the same account. */
function opened(model: Model): Model {
  const file = parseGrants(grantsText(model.edit), 'grants.yaml')
  const first = {
    ...initialModel({ columns: 80, rows: 24, ascii: false, name: 'team', shellFlags: '', day }),
  }
  let next = update(first, {
    type: 'file-opened',
    edit: editOf(file, () => undefined),
    path: 'grants.yaml',
  }).model
  const choice = { name: 'sandbox', signIn: 'keys', session: '', expired: false }
  const snapshot = fullSnapshot()
  for (const message of [
    { type: 'identified', identity: { account, arn: '', region: 'eu-west-1' }, choice },
    { type: 'observed', snapshot },
  ] as const) {
    next = update(next, message).model
  }
  return next
}

/** What the window shows. */
function frame(model: Model): string {
  return drawFrame(model)
    .lines.map((each) => each.map((piece) => piece.text).join(''))
    .join('\n')
}

/** The part of the text that begins at a key of the file. */
function part(model: Model, key: string): string {
  const text = grantsText(model.edit)
  const from = text.search(new RegExp(`^${key}:`, 'm'))
  return from < 0 ? '' : (text.slice(from).split(/\n(?=\w)/)[0] ?? '').trimEnd()
}

function expectSame(back: Model, model: Model): void {
  expect(grantsText(back.edit)).toBe(grantsText(model.edit))
  const members = (of: Model) => [...of.edit.members].sort((a, b) => (a.arn < b.arn ? -1 : 1))
  expect(members(back)).toEqual(members(model))
}

test('one key gives the domain the three ML activities on every chosen server, after saying whom that changes', () => {
  const asked = press(at.people(domains), 'm')
  expect(asked.overlay).toMatchObject({
    kind: 'ask',
    question: { title: 'Give lab d-abc the three ML activities?' },
  })
  const lines = asked.overlay?.kind === 'ask' ? asked.overlay.question.lines : []
  expect(lines).toContain('! Access belongs to the role: this changes all 2 people who use it.')
  expect(lines).toContain('gita, hugo')
  expect(press(asked, esc).edit).toBe(asked.edit)
  const given = press(asked, enter)
  expect(part(given, 'grants')).toBe(
    [
      'grants:',
      '  - to: domain/d-abc',
      '    persona: [access-aws-services-for-mlflow, manage-mlflow-tracking-servers, use-mlflow]',
      '    on: [ml-dev, ml-prod]',
    ].join('\n'),
  )
  expect(given.said?.text).toBe('lab d-abc: three ML activities on 2 servers, 2 people. u undoes.')
  expectSame(opened(given), given)
  expect(press(given, 'u').edit.members).toEqual([])
  expect(press(given, 'm').said?.text).toContain('has the three ML activities on ml-dev, ml-prod already')
  expect(press(at.people(), 'm').said?.text).toContain('ML activities belong to execution roles')
})

test('the three ML activities leave Apps out, where any grant is full access, and say so', () => {
  const model = at.people(domains)
  const app = 'arn:aws:sagemaker:eu-west-1:123456789012:mlflow-app/app-1'
  const genai = { kind: 'app', key: 'genai', app, access: 'full', compatible: false, kms: [] } as const
  const asked = press({ ...model, edit: { ...model.edit, servers: [...model.edit.servers, genai] } }, 'm')
  const question = asked.overlay?.kind === 'ask' ? asked.overlay.question : undefined
  expect(question?.lines.at(-1)).toContain('Nothing on genai: any grant on an App is full access')
  const [row = {}] = Object.values(question?.edit.cells ?? {})
  expect(Object.keys(row).sort()).toEqual(['ml-dev', 'ml-prod'])
  expect(press({ ...model, edit: { ...model.edit, servers: [genai] } }, 'm').said?.text).toContain(
    'Choose tracking servers first',
  )
})

test('a profile that shares its role gets one of its own, with the grants of the shared row; the others are left alone', () => {
  const both = press(at.people(profiles), space, 'j', space, '>', '2', '<')
  expect(both.edit.members).toEqual([{ arn: shared, refs: ['profile/d-abc/dara', 'profile/d-abc/elif'] }])
  const asked = press(both, 's')
  const lines = asked.overlay?.kind === 'ask' ? asked.overlay.question.lines : []
  expect(lines.join('\n')).toMatch(/create role mlflow-iam-elif-[0-9a-f]{8}, trusting whom ds-shared trusts/)
  expect(lines).toContain('  + attach to it what ds-shared has: LegacyMLAccess')
  expect(lines).toContain('  ~ have profile elif act through it (UpdateUserProfile)')
  expect(lines).toContain('! Apps and spaces of elif that run now keep ds-shared until they are restarted.')
  const split = press(asked, enter)
  expect(part(split, 'split')).toBe('split:\n  profile/d-abc/elif: {}')
  const [dara, elif] = split.edit.members
  expect(dara).toEqual({ arn: shared, refs: ['profile/d-abc/dara'] })
  expect(elif?.arn).toMatch(new RegExp(`^arn:aws:iam::${account}:role/mlflow-iam-elif-[0-9a-f]{8}$`))
  const rows = visibleRows(split)
  expect(rows.map((row) => [row.title, row.people])).toEqual([
    ['dara, farid', 2],
    ['elif', 1],
  ])
  expectSame(opened(split), split)
  // From here on the cells are its own: what it has today comes along with the copies.
  const changed = press(split, '>', 'j', '1')
  expect(cellsAt(changed.edit, elif?.arn ?? '', 'ml-dev')[0]?.personas).toEqual(['viewer'])
  expect(cellsAt(changed.edit, shared, 'ml-dev')[0]?.personas).toEqual(['data-scientist'])
  const [server] = changed.edit.servers
  if (!server || !elif) throw new Error('no server')
  expect(cellFacts(changed, elif.arn, server).elsewhere[0]?.actions).toEqual(['GetRun', 'LogMetric'])
  expect(press(split, 'u').edit).toBe(both.edit)
})

test('sharing again takes the profile back to the shared row, and the file says nothing of a split', () => {
  const split = press(at.people(profiles), 's', enter)
  expect(split.edit.members[0]?.refs).toEqual(['profile/d-abc/dara'])
  const again = press(split, 's', enter)
  expect(again.edit.split).toEqual([])
  expect(again.edit.members).toEqual([{ arn: shared, refs: ['profile/d-abc/dara'] }])
  expect(grantsText(again.edit)).not.toContain('split')
})

test('a profile whose split was applied before has its role to itself, and the file stays as it is', () => {
  const split = press(at.people(profiles), 's', enter)
  const own = split.edit.members[0]?.arn ?? ''
  const snapshot = fullSnapshot()
  const [role] = snapshot.roles
  const after: Snapshot = {
    ...snapshot,
    roles: [
      ...snapshot.roles,
      ...(role ? [{ ...role, arn: own, name: own.slice(own.lastIndexOf('/') + 1), id: 'AROAOWN' }] : []),
    ],
    profiles: snapshot.profiles.map((profile) =>
      profile.name === 'dara' ? { ...profile, role: own } : profile,
    ),
  }
  const read = update(split, { type: 'observed', snapshot: after }).model
  expect(visibleRows(read).map((row) => [row.title, row.through])).toEqual([
    ['dara', own.slice(own.lastIndexOf('/') + 1)],
  ])
  const asked = press(read, 's')
  expect(asked.overlay).toMatchObject({ question: { title: 'Leave the role of dara out of the file?' } })
  expect(press(asked, enter).edit.members[0]?.arn).toBe(own)
})

test('a profile with a role to itself is not split', () => {
  const snapshot = fullSnapshot()
  const alone = {
    ...snapshot,
    profiles: snapshot.profiles.filter((profile) => ['dara', 'gita'].includes(profile.name)),
  }
  const model = press(signedIn(alone), '\r\r\r', tab.repeat(profiles), 's')
  expect(model.said?.text).toBe('dara has role ds-shared to itself already.')
  expect(model.overlay).toBeUndefined()
})

test('a hand-made policy is taken over only after a sheet said what goes and what comes; the same actions stay', () => {
  const access = press(at.people(), space, '>')
  const ana = `arn:aws:iam::${account}:user/ana`
  const asked = press(access, 't')
  const lines = asked.overlay?.kind === 'ask' ? asked.overlay.question.lines : []
  expect(lines).toContain('  + ana on ml-dev: +2, for its 2 actions')
  expect(lines).toContain('  - LegacyMLAccess is detached from ana, once that is attached')
  expect(press(asked, 'y', space).edit).toBe(access.edit)
  const taken = press(asked, enter)
  expect(part(taken, 'adopt')).toBe('adopt: LegacyMLAccess')
  expect(part(taken, 'grants')).toContain('add: [GetRun, LogMetric]')
  const [server] = taken.edit.servers
  if (!server) throw new Error('no server')
  const facts = cellFacts(taken, ana, server)
  expect([facts.mark, facts.elsewhere, [...facts.after].sort()]).toEqual(['', [], ['GetRun', 'LogMetric']])
  expect(facts.adopted.map((source) => source.policy)).toEqual([
    `arn:aws:iam::${account}:policy/LegacyMLAccess`,
  ])
  expectSame(opened(taken), taken)
  const left = press(taken, 't', enter)
  expect(left.edit.adopt).toEqual([])
  expect(cellFacts(left, ana, server).elsewhere).toHaveLength(1)
  expect(press(taken, 'u').edit).toBe(access.edit)
})

test('what comes through a group is taken over on the row of the group, and stays for its members until then', () => {
  const access = press(at.people(), '/', 'zoe', enter, space, tab, space, '>')
  expect(visibleRows(access).map((row) => row.title)).toEqual(['labs', 'zoe'])
  expect(press(access, 'j', 't').said?.text).toContain('comes through group labs')
  const taken = press(access, 't', enter)
  const [server] = taken.edit.servers
  if (!server) throw new Error('no server')
  expect(cellFacts(taken, `arn:aws:iam::${account}:user/zoe`, server).adopted).toEqual([])
  expect(cellFacts(taken, `arn:aws:iam::${account}:group/labs`, server).adopted).toHaveLength(1)
})

test('an App is ticked only after it was said that a viewer can delete there, and its form is a choice with a reason', () => {
  const servers = press(at.servers(), 'jj')
  const asked = press(servers, space)
  expect(asked.edit).toBe(servers.edit)
  const lines = asked.overlay?.kind === 'ask' ? asked.overlay.question.lines.join('\n') : ''
  expect(lines).toContain('A viewer on genai can delete')
  expect(press(asked, esc).edit).toBe(servers.edit)
  const ticked = press(asked, enter)
  expect(part(ticked, 'servers')).toContain(
    `genai: { app: arn:aws:sagemaker:eu-west-1:${account}:mlflow-app/app-1, access: full }`,
  )
  const form = press(ticked, 'c')
  expect(form.overlay?.kind === 'ask' && form.overlay.question.lines[0]).toContain(
    "AWS's pages contradict each other",
  )
  const compatible = press(form, enter)
  expect(part(compatible, 'servers')).toContain('compatible: true')
  expectSame(opened(compatible), compatible)
  expect(part(press(compatible, 'c', enter), 'servers')).not.toContain('compatible')
  const given = press(compatible, '>', space, '>', right, right, '1')
  expect(given.said?.text).toContain('On genai: everything.')
})

test('an App whose access is there already has no mark, whatever the persona is called', () => {
  const app = `arn:aws:sagemaker:eu-west-1:${account}:mlflow-app/app-1`
  const given = press(at.servers(), 'jj', space, enter, '>', space, '>', right, right, right, '2')
  const [row] = visibleRows(given)
  const server = given.edit.servers.find(({ kind }) => kind === 'app')
  if (!row || !server) throw new Error('no App in the grid')
  const { arn } = row.member
  expect(cellFacts(given, arn, server)).toMatchObject({ text: 'DS', mark: '+' })
  const none = { denied: [], depends: [], elsewhere: [] }
  const access = { principal: arn, server: app, allowed: ['CallMlflowAppApi'], ...none }
  const today = new Map([[arn, new Map([[app, access]])]])
  const there: Model = { ...given, today: { state: 'ready', value: today } }
  const facts = cellFacts(there, arn, server)
  expect([...facts.after]).toEqual(['CallMlflowAppApi'])
  expect(facts).toMatchObject({ text: 'DS', mark: '' })
  expect(facts.allows('DeleteRun')).toBe(true)
  expect(visibleRows(press(there, '/', 'is:changed', enter))).toEqual([])
  expect(cellFacts(press(there, '0'), arn, server).mark).toBe('-')
})

test('a server of another account is added with the role there, and only with it', () => {
  const arn = 'arn:aws:sagemaker:eu-west-1:210987654321:mlflow-tracking-server/shared'
  const via = 'arn:aws:iam::210987654321:role/mlflow-access'
  const refused = press(at.servers(), '+', arn, enter)
  expect(refused.overlay).toMatchObject({ kind: 'input' })
  expect(refused.overlay?.kind === 'input' && refused.overlay.error).toContain(
    'shared is in account 210987654321',
  )
  const added = press(refused, ` ${via}`, enter)
  expect(part(added, 'servers')).toContain(`shared:\n    arn: ${arn}\n    via: ${via}`)
  expectSame(opened(added), added)
  // It stays while others are ticked and unticked, and goes when it is unticked itself.
  expect(part(press(added, space, space), 'servers')).toContain(via)
  expect(part(press(added, 'jjj', space), 'servers')).not.toContain(via)
  const wrong = press(at.servers(), '+', `${arn} arn:aws:iam::333344445555:role/x`, enter)
  expect(wrong.overlay?.kind === 'input' && wrong.overlay.error).toContain('Name a role of 210987654321.')
})

test('a name that is no server yet is added as planned; one that is there is ticked', () => {
  const planned = press(at.servers(), '+', 'ml-next', enter)
  expect(part(planned, 'servers')).toContain('ml-next: { planned: true }')
  expectSame(opened(planned), planned)
  expect(part(press(planned, 'jjj', space), 'servers')).not.toContain('ml-next')
  expect(press(at.servers(), '+', 'ml dev ml prod', enter).overlay).toMatchObject({ kind: 'input' })
  const again = press(
    at.servers(),
    '+',
    `arn:aws:sagemaker:eu-west-1:${account}:mlflow-tracking-server/ml-dev`,
    enter,
  )
  expect(again.overlay?.kind === 'input' && again.overlay.error).toBe('ml-dev is ticked already.')
})

test('a permission set holds its grants inline where that was chosen, with every account that it reaches named', () => {
  const asked = press(at.people(sets), space, 'f')
  const lines = asked.overlay?.kind === 'ask' ? asked.overlay.question.lines.join('\n') : ''
  expect(lines).toContain(
    `MLScientist reaches 2 accounts, and all of them change with it: ${account}, 210987654321.`,
  )
  const inline = press(asked, enter)
  expect(part(inline, 'permission-sets')).toBe('permission-sets:\n  MLScientist: { policy: inline }')
  expect(part(press(inline, 'f', enter), 'permission-sets')).toBe('')
  expect(press(at.people(), 'f').said?.text).toContain('Only permission sets have a form')
})

const dev = { name: 'ml-dev', profile: 'ml-dev', signIn: 'SSO', account, session: '', expired: false }
const prod = { ...dev, name: 'ml-prod', profile: 'ml-prod', account: '210987654321' }
const several = `version: 1
name: team
servers:
  ml-dev: {}
grants:
  - to: role/ds-shared
    persona: viewer
    on: ml-dev
accounts:
  "123456789012": { profile: ml-dev, region: eu-west-1 }
  "210987654321": { profile: ml-prod }
`

/** A wizard that opened a file for two accounts and asks who it is in the first of them. */
function ofSeveral(): Model {
  const first = initialModel({ columns: 80, rows: 24, ascii: false, name: 'x', shellFlags: '', day })
  const edit = editOf(parseGrants(several, 'grants.yaml'), () => undefined)
  const file = update(first, { type: 'file-opened', edit, path: 'team.yaml' }).model
  const listed = update(file, {
    type: 'choices',
    choices: [{ ...dev, name: 'other', profile: 'other' }, prod, dev],
  })
  expect(listed.effects).toContainEqual({ type: 'identify', choice: dev, region: 'eu-west-1' })
  return listed.model
}

function into(model: Model, choice: typeof dev, snapshot: Snapshot): Model {
  const identity = { account: snapshot.account, arn: '', region: 'eu-west-1' }
  const known = update({ ...model, choice }, { type: 'identified', identity, choice }).model
  return update(known, { type: 'observed', snapshot }).model
}

test('a file for several accounts is worked on one account at a time, and keeps its list', () => {
  const model = into(ofSeveral(), dev, fullSnapshot())
  expect(grantsText(model.edit)).toBe(grantsText(editOf(parseGrants(several, 'g'), () => undefined)))
  expect(model.edit.members).toEqual([{ arn: shared, refs: ['role/ds-shared'] }])
  const shown = frame(model)
  expect(shown).toContain('2 accounts: 123456789012 ml-dev, 210987654321 ml-prod')
  expect(shown).toContain('mlflow-iam plan -f team.yaml')
  expect(shown).toMatch(/\[ \] other .*\n.*\[x\] ml-prod .*\n.*\[x\] ml-dev/)
  // The other account resolves the same names anew.
  const other = JSON.parse(JSON.stringify(fullSnapshot()).replaceAll(account, prod.account)) as Snapshot
  const there = into(model, prod, other)
  expect(there.edit.members).toEqual([
    { arn: shared.replace(account, prod.account), refs: ['role/ds-shared'] },
  ])
  expect(grantsText(there.edit)).toBe(grantsText(model.edit))
  const third = into(model, dev, { ...fullSnapshot(), account: '333344445555' })
  expect(press(third, '>').said?.text).toBe(
    'This file is for 123456789012 (ml-dev), 210987654321 (ml-prod); you are signed in to 333344445555.',
  )
})

test('space puts profiles among the accounts of the file, and the last one out leaves a file for one account', () => {
  const first = initialModel({ columns: 80, rows: 24, ascii: false, name: 'team', shellFlags: '', day })
  const listed = update({ ...first, screen: 'account' }, { type: 'choices', choices: [dev, prod] }).model
  const one = into(listed, dev, fullSnapshot())
  expect(part(one, 'account')).toBe('account: "123456789012"')
  const both = press(one, 'j', space)
  expect(part(both, 'account')).toBe('')
  expect(part(both, 'accounts')).toBe(
    'accounts:\n  "123456789012": { profile: ml-dev }\n  "210987654321": { profile: ml-prod }',
  )
  expect(press(both, 'u').edit).toBe(one.edit)
  const none = press(both, space, 'k', space)
  expect([part(none, 'accounts'), part(none, 'account')]).toEqual(['', 'account: "123456789012"'])
})
