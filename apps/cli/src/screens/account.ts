import type { Area, View } from '../ui/frame.ts'
import { cell, column, line, span, spread } from '../ui/line.ts'
import { moveCursor } from '../ui/scroll.ts'
import { count } from '../ui/text.ts'
import type { AccountChoice } from '../wizard/account.ts'
import { fieldOf } from '../wizard/field.ts'
import { accountsWords, foreignAccount, regionOf, toggleAccount } from '../wizard/file-accounts.ts'
import type { Key } from '../wizard/keys.ts'
import { loaded, type Model, placeOf, withPlace } from '../wizard/model.ts'
import { rightsOf } from '../wizard/rights.ts'
import { kindsWords } from '../wizard/server-choices.ts'
import { toTakeBack } from '../wizard/taking-back.ts'
import { blank, list, row, text, tick } from './rows.ts'
import type { Screen } from './screen.ts'
import { noticeLines } from './trouble.ts'

function shownChoices(model: Model): readonly AccountChoice[] {
  const query = placeOf(model, 'account').filter.text.toLowerCase()
  const all = loaded(model.choices) ?? []
  return all.filter((choice) =>
    `${choice.name} ${choice.alias ?? ''} ${choice.account ?? ''}`.toLowerCase().includes(query),
  )
}

/** Which account, who is signed in, and what they may do. */
export const accountScreen: Screen = {
  id: 'account',
  title: 'Account',
  filters: true,

  enter(model) {
    return loaded(model.choices)
      ? { model }
      : { model: { ...model, choices: { state: 'loading' } }, effects: [{ type: 'load-choices' }] }
  },

  blocks(model) {
    const identity = loaded(model.identity)
    if (model.identity.state === 'loading') return 'Still asking AWS who you are.'
    if (!identity) return 'Choose an account first: enter checks who you are in it.'
    const back = toTakeBack(model)
    if (back && back.account !== identity.account)
      return `That apply changed account ${back.account}; you are signed in to ${identity.account}.`
    return foreignAccount(model.edit, identity.account)
  },

  onKey(model: Model, key: Key) {
    const choices = shownChoices(model)
    const place = placeOf(model)
    const moved = moveCursor(place.row, choices.length, key.name, 5)
    if (moved !== undefined) return { model: withPlace(model, { row: moved }) }
    if (key.name === 'enter') {
      const choice = choices[place.row]
      if (!choice) return { model }
      if (choice.name === model.choice?.name && model.identity.state === 'ready') return { model, go: 'next' }
      return {
        model: {
          ...model,
          choice,
          identity: { state: 'loading' },
          snapshot: { state: 'none' },
          today: { state: 'none' },
        },
        effects: [
          {
            type: 'identify',
            choice,
            ...(model.edit.accounts.length > 0 ? regionOf(model.edit, choice) : {}),
          },
        ],
      }
    }
    if (key.name === 'e') {
      return {
        model: {
          ...model,
          overlay: {
            kind: 'input',
            purpose: 'region',
            title: 'Which region?',
            hint: 'Where the tracking servers are, for example eu-west-1.',
            field: fieldOf(loaded(model.identity)?.region ?? model.choice?.region ?? ''),
          },
        },
      }
    }
    if (key.name === 'space') {
      const choice = choices[place.row]
      return { model: choice ? toggleAccount(model, choice) : model }
    }
    return undefined
  },

  view(model: Model, area: Area): View {
    const { glyphs } = area
    const width = area.columns - 1
    const choices = shownChoices(model)
    const place = placeOf(model)
    const total = loaded(model.choices)?.length ?? 0
    const compact = area.layout === 'compact'
    const several = model.edit.accounts.length > 0
    const listed = ({ profile }: AccountChoice) =>
      several ? `${tick(model.edit.accounts.some((each) => each.profile === profile))} ` : ''
    const draw = (choice: AccountChoice, focused: boolean) =>
      row(
        area,
        focused,
        column(`${listed(choice)}${choice.name}`, 17, 'plain', glyphs.more),
        ' ',
        cell(choice.signIn, 9, 'plain', glyphs.more),
        ...(compact ? [] : [column(accountWords(choice, model), 25, 'plain', glyphs.more), ' ']),
        column(regionWords(choice, model) ?? glyphs.dash, 11, 'plain', glyphs.more),
        ' ',
        span(choice.expired ? '! expired' : choice.session, choice.expired ? 'warn' : 'plain'),
      )
    const rows = list(area, choices, place.row, place.top, compact ? 5 : 6, draw)
    const filter = place.filter.text === '' ? '/ filter' : `/ ${place.filter.text}`
    const body = [
      ...(compact ? [] : [blank]),
      spread(
        ['   ', span('Which account?', 'bold')],
        [`${filter} ${glyphs.dot} ${count(total, 'profile')}`],
        width,
      ),
      ...(compact
        ? []
        : [
            blank,
            text(span('Profile           Sign-in  Account                   Region      Session', 'dim')),
          ]),
      ...(model.choices.state === 'loading' ? [text('reading the AWS configuration')] : rows.lines),
      ...(choices.length === 0 && total > 0 ? [text('nothing matches; esc clears the filter')] : []),
      blank,
      ...identityLines(model, area),
    ]
    const first = compact ? 1 : 4
    return {
      body,
      strip: {
        title: 'The same from a shell, read-only',
        lines: [line(`   aws sts get-caller-identity${awsFlags(model)}`)],
      },
      ...(rows.cursor === undefined ? {} : { cursor: { row: first + rows.cursor, column: 1 } }),
    }
  },

  footer: (model) => [
    { keys: '?', does: 'help' },
    { keys: model.ascii ? 'up/down' : '↑↓', does: 'move' },
    { keys: 'enter', does: model.identity.state === 'ready' ? 'continue' : 'check' },
    { keys: '/', does: 'filter' },
    { keys: 'e', does: 'region' },
    { keys: 'L', does: 'sign in' },
    { keys: 'r', does: 'retry' },
    { keys: 'q', does: 'quit' },
  ],
  help: [
    ['Move', '↑↓ j k row    g G ends'],
    ['Choose', 'enter check this account, enter again to go on'],
    ['Find', '/ filter profiles'],
    ['Region', 'e another region'],
    ['Several', 'space put this profile among the accounts of the file'],
    ['Sign in', 'L run the sign-in command    r ask again'],
  ],
}

function identityLines(model: Model, area: Area) {
  const { glyphs } = area
  const identity = loaded(model.identity)
  const snapshot = loaded(model.snapshot)
  if (model.identity.state === 'loading') return [text('asking AWS who you are')]
  if (model.identity.state === 'failed') return noticeLines(model.identity.notice, model.columns)
  if (!identity) return [text(`enter checks who you are there. Nothing is changed.`)]
  const several = accountsWords(model).map((words, index) =>
    text(index === 0 ? 'The file   ' : '           ', words),
  )
  const marks = { yes: glyphs.yes, no: glyphs.no, unknown: '?' }
  return [
    text('Region     ', identity.region),
    ...(several.length > 0 ? several : [blank]),
    text('You are    ', callerWords(identity.arn)),
    ...(snapshot
      ? [
          text(
            'You can    ',
            rightsOf(snapshot)
              .map((right) => `${marks[right.state]} ${right.what}`)
              .join('   '),
          ),
        ]
      : []),
    ...snapshotLines(model),
  ]
}

function snapshotLines(model: Model) {
  const { snapshot } = model
  if (snapshot.state === 'loading')
    return [text('           reading servers, roles and people in the background')]
  if (snapshot.state === 'failed') return noticeLines(snapshot.notice, model.columns)
  if (snapshot.state !== 'ready') return []
  const { value } = snapshot
  const principals = value.users.length + value.groups.length + value.roles.length
  return [
    text(
      `           read ${kindsWords(value.servers.length, value.apps.length)}, ${count(principals, 'user, group and role', 'users, groups and roles')}, ${count(value.profiles.length, 'profile')}`,
    ),
    ...value.unknown
      .slice(0, 3)
      .map((part) => text('           ', span(`! ${part.part}: ${part.why}`, 'warn'))),
  ]
}

function callerWords(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1)
}

function accountWords(choice: AccountChoice, model: Model): string {
  const { account, alias } = (choice.name === model.choice?.name && loaded(model.identity)) || choice
  if (!account) return 'not checked yet'
  return alias ? `${alias}  ${account}` : account
}

/** The region of a profile; of the one that is signed in, where it has none itself, the region that AWS is asked in. */
function regionWords(choice: AccountChoice, model: Model): string | undefined {
  return choice.region ?? (choice.name === model.choice?.name ? loaded(model.identity)?.region : undefined)
}

function awsFlags(model: Model): string {
  const profile = model.choice?.profile
  return profile === undefined ? '' : ` --profile ${profile}`
}
