import type { Area, View } from '../ui/frame.ts'
import { column, type Line, line, span } from '../ui/line.ts'
import { moveCursor } from '../ui/scroll.ts'
import { visible } from '../ui/text.ts'
import type { Key } from '../wizard/keys.ts'
import { changed, loaded, type Model, placeOf, withPlace } from '../wizard/model.ts'
import { rolePolicy } from '../wizard/policy-preview.ts'
import {
  artifactBuckets,
  choiceOf,
  chooseRole,
  defaultRoles,
  newRoleNames,
  opensEveryBucket,
  type RoleChoice,
  reusableRoles,
} from '../wizard/service-roles.ts'
import { blank, radio, row, text, tick } from './rows.ts'
import type { Screen } from './screen.ts'
import { waiting } from './servers.ts'

type Purpose = 'tracking-server' | 'sagemaker'
type Item = { readonly purpose: Purpose; readonly choice: RoleChoice } | 'buckets'

const items: readonly Item[] = [
  { purpose: 'tracking-server', choice: 'create' },
  { purpose: 'tracking-server', choice: 'reuse' },
  { purpose: 'tracking-server', choice: 'skip' },
  'buckets',
  { purpose: 'sagemaker', choice: 'create' },
  { purpose: 'sagemaker', choice: 'reuse' },
  { purpose: 'sagemaker', choice: 'skip' },
]

/** The two service roles of the AWS guide: make them, use what is there, or leave them to someone else. */
export const rolesScreen: Screen = {
  id: 'roles',
  title: 'Roles',

  enter(model) {
    const snapshot = loaded(model.snapshot)
    if (!snapshot || model.defaulted.includes('roles')) return { model }
    const roles = defaultRoles(snapshot)
    const row = items.findIndex(
      (item) =>
        item !== 'buckets' &&
        item.purpose === 'tracking-server' &&
        item.choice === (roles['tracking-server']?.existing ? 'reuse' : 'create'),
    )
    const edit = { ...model.edit, roles }
    return {
      model: withPlace({ ...model, edit, defaulted: [...model.defaulted, 'roles'] }, { row }, 'roles'),
    }
  },

  onKey(model: Model, key: Key) {
    const place = placeOf(model)
    const moved = moveCursor(place.row, items.length, key.name, 3)
    if (moved !== undefined) return { model: withPlace(model, { row: moved, column: 0 }) }
    if (key.name === 'enter') return { model, go: 'next' }
    const snapshot = loaded(model.snapshot)
    const item = items[place.row]
    if (!snapshot || item === undefined) return undefined
    const sideways =
      key.name === 'right' || key.name === 'l' ? 1 : key.name === 'left' || key.name === 'h' ? -1 : 0
    if (item === 'buckets') {
      const options = bucketOptions(model)
      if (sideways !== 0) {
        const at = Math.max(0, Math.min(options.length - 1, place.column + sideways))
        return { model: withPlace(model, { column: at }) }
      }
      return key.name === 'space' ? { model: toggleBucket(model, options[place.column]) } : undefined
    }
    if (key.name === 'space') {
      const edit = chooseRole(model.edit, snapshot, item.purpose, item.choice)
      if (edit === model.edit && item.choice === 'reuse') {
        return {
          model: { ...model, said: { text: 'No role in this account trusts SageMaker.', tone: 'warn' } },
        }
      }
      return { model: changed(model, edit, `${item.choice} the ${item.purpose} role`) }
    }
    if (sideways !== 0 && item.choice === 'reuse') {
      const roles = reusableRoles(snapshot, item.purpose)
      const at = roles.indexOf(model.edit.roles[item.purpose]?.name ?? '')
      const name = roles[(at + sideways + roles.length) % Math.max(1, roles.length)]
      if (name === undefined) return { model }
      return {
        model: changed(model, chooseRole(model.edit, snapshot, item.purpose, 'reuse', name), `reuse ${name}`),
      }
    }
    if (key.name === 'w') {
      const role = model.edit.roles[item.purpose]
      if (!role) return { model }
      const policy = role.policy === 'narrow' ? ('documented' as const) : ('narrow' as const)
      const roles = { ...model.edit.roles, [item.purpose]: { ...role, policy } }
      return { model: changed(model, { ...model.edit, roles }, `${policy} policy`) }
    }
    if (key.name === 'o') {
      const policy = rolePolicy(model, item.purpose)
      return policy
        ? {
            model: {
              ...model,
              overlay: { kind: 'list', title: policy.name, lines: policy.text.split('\n'), top: 0 },
            },
          }
        : { model }
    }
    return undefined
  },

  view(model: Model, area: Area): View {
    const compact = area.layout === 'compact'
    const head = compact ? [] : [blank]
    if (!loaded(model.snapshot)) return { body: [...head, ...waiting(model)] }
    const { glyphs } = area
    const place = placeOf(model)
    const item = items[place.row]
    const purpose: Purpose = item === 'buckets' || item === undefined ? 'tracking-server' : item.purpose
    const body: Line[] = [...head, ...(compact ? [] : [text(span('Two service roles', 'bold')), blank])]
    let cursor = 0
    for (const [index, each] of items.entries()) {
      const focused = index === place.row
      if (index === 0)
        body.push(
          text(column('Tracking server role', 24, 'bold'), compact ? '' : 'what the server itself may touch'),
        )
      if (index === 4) {
        if (!compact) body.push(blank)
        body.push(
          text(
            column('SageMaker AI role', 24, 'bold'),
            compact ? '' : 'what clients use to call MLflow and manage servers',
          ),
        )
      }
      if (focused) cursor = body.length
      body.push(
        each === 'buckets' ? bucketLine(model, area, focused) : choiceLine(model, area, each, focused),
      )
    }
    const policy = rolePolicy(model, purpose)
    const role = model.edit.roles[purpose]
    const opens =
      role && loaded(model.snapshot)
        ? opensEveryBucket(loaded(model.snapshot) as never, role.name)
        : undefined
    return {
      body,
      strip: {
        title: role
          ? `Preview: ${role.existing ? 'attached to' : 'new role'} ${role.name}`
          : 'Preview: nothing for this role',
        ...(role ? { right: role.existing ? '+ attach' : '+ create' } : {}),
        lines: [
          line(
            `   ${policy ? `+  "Resource": ${resourcesOf(policy.text, glyphs.more)}` : 'someone else manages it'}`,
          ),
          line(
            opens ? `   ! Its own policy ${visible(opens)} still opens every bucket; it is not ours.` : '',
          ),
          line(
            role === undefined
              ? ''
              : role.policy === 'narrow'
                ? `   Narrower than the AWS guide, which uses "*".   w widen   o open whole policy`
                : `   ! The AWS guide's JSON, statement for statement.   w narrow   o open it`,
          ),
        ],
      },
      cursor: { row: cursor, column: 1 },
    }
  },

  footer: (model) => [
    { keys: '?', does: 'help' },
    { keys: model.ascii ? 'up/down' : '↑↓', does: 'move' },
    { keys: 'space', does: 'choose' },
    { keys: 'enter', does: 'next' },
    ...(items[placeOf(model, 'roles').row] === 'buckets' || choiceAt(model) === 'reuse'
      ? [{ keys: model.ascii ? 'left/right' : '←→', does: 'other' }]
      : []),
    { keys: 'esc', does: 'back' },
    { keys: 'p', does: 'preview' },
    { keys: 'q', does: 'quit' },
  ],
  help: [
    ['Move', '↑↓ j k row    ←→ h l another role or bucket'],
    ['Choose', 'space choose, or tick a bucket'],
    ['Policy', "w narrow, or the AWS guide's own    o open it whole"],
  ],
}

function choiceAt(model: Model): RoleChoice | undefined {
  const item = items[placeOf(model, 'roles').row]
  return item === undefined || item === 'buckets' ? undefined : item.choice
}

function choiceLine(model: Model, area: Area, item: Exclude<Item, 'buckets'>, focused: boolean): Line {
  const snapshot = loaded(model.snapshot)
  const role = model.edit.roles[item.purpose]
  const on = choiceOf(model.edit, item.purpose) === item.choice
  const words = { create: 'Create', reuse: 'Reuse', skip: 'Skip' }[item.choice]
  const detail = () => {
    if (item.choice === 'create') return on ? (role?.name ?? '') : newRoleNames[item.purpose]
    if (item.choice === 'skip') {
      return item.purpose === 'tracking-server' ? 'someone else manages it' : 'people bring their own roles'
    }
    const roles = snapshot ? reusableRoles(snapshot, item.purpose) : []
    if (!on || !role)
      return roles.length === 0
        ? 'no role here trusts SageMaker'
        : `choose from ${roles.length} that trust SageMaker`
    const wide = snapshot && opensEveryBucket(snapshot, role.name)
    return `${role.name.padEnd(18)} trust ${area.glyphs.yes}${wide ? '    ! S3 access to every bucket' : ''}`
  }
  return row(area, focused, `  ${radio(area, on)} ${words.padEnd(8)} `, detail())
}

function bucketOptions(model: Model): readonly string[] {
  const snapshot = loaded(model.snapshot)
  const chosen = model.edit.roles['tracking-server']?.buckets ?? []
  return [...new Set([...(snapshot ? artifactBuckets(snapshot) : []), ...chosen])]
}

function bucketLine(model: Model, area: Area, focused: boolean): Line {
  const options = bucketOptions(model)
  const role = model.edit.roles['tracking-server']
  const at = placeOf(model, 'roles').column
  if (!role) return row(area, focused, span('Artifact buckets   no role, so none', 'dim'))
  if (options.length === 0)
    return row(area, focused, 'Artifact buckets   none found; the grants file can name some')
  return row(
    area,
    focused,
    'Artifact buckets   ',
    ...options.flatMap((name, index) => [
      span(`${tick(role.buckets.includes(name))} ${name}`, focused && index === at ? 'inverse' : 'plain'),
      '   ',
    ]),
  )
}

function toggleBucket(model: Model, bucket: string | undefined): Model {
  const role = model.edit.roles['tracking-server']
  if (!role || bucket === undefined) return model
  const on = role.buckets.includes(bucket)
  const buckets = on ? role.buckets.filter((each) => each !== bucket) : [...role.buckets, bucket].sort()
  const roles = { ...model.edit.roles, 'tracking-server': { ...role, buckets } }
  return changed(model, { ...model.edit, roles }, `${on ? 'untick' : 'tick'} bucket ${bucket}`)
}

function resourcesOf(documentText: string, more: string): string {
  const found = /"Resource":\s*(\[[^\]]*\]|"[^"]*")/.exec(documentText)?.[1]?.replace(/\s+/g, ' ') ?? ''
  return found.length > 60 ? `${found.slice(0, 57)}${more}` : found
}
