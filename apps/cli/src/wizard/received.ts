import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { screenOf } from '../screens/index.ts'
import { count } from '../ui/text.ts'
import { rememberRun } from './applied.ts'
import type { Edit } from './edit.ts'
import type { Message, Outcome } from './effect.ts'
import { foundLines, withFound } from './evidence.ts'
import { choiceFor, foreignAccount, regionOf, withAccount } from './file-accounts.ts'
import { loaded, type Model, type Notice, screenIds } from './model.ts'
import { withOwnedAccess } from './owned-access.ts'
import { resolveMembers } from './resolve-members.ts'
import { startedRun, undoingOf } from './run.ts'
import { withSession } from './session.ts'
import { planning, toTakeBack } from './taking-back.ts'
import { tellRun } from './tell-run.ts'
import { todayLines } from './today-lines.ts'

/** Takes in what an effect brought back. Nothing here moves a cursor or changes the step, except opening a draft. */
export function received(model: Model, message: Exclude<Message, { type: 'key' }>): Outcome {
  switch (message.type) {
    case 'resize':
      return { model: { ...model, columns: message.columns, rows: message.rows } }
    case 'drafts':
      return { model: { ...model, drafts: message.drafts } }
    case 'last-run':
      return { model: { ...model, lastRun: message.run } }
    case 'rollback-shown':
      return toTakeBack(model)?.journal === message.journal
        ? { model: { ...model, plan: { state: 'ready', value: message.planned } } }
        : { model }
    case 'draft-opened': {
      const opened = withSession(unread(model), message.edit, message.session)
      return { model: { ...opened, resuming: opened.screen, screen: 'account' }, go: 'account' }
    }
    case 'file-opened':
      return {
        model: {
          ...unread(model),
          edit: message.edit,
          past: [],
          future: [],
          file: message.path,
          defaulted: ['roles', 'servers'],
        },
        go: 'account',
      }
    case 'draft-saved':
      return { model: { ...model, saved: message.at } }
    case 'choices': {
      const next: Model = { ...model, choices: { state: 'ready', value: message.choices } }
      const wanted = choiceFor(model, message.choices)
      if (!wanted || loaded(model.identity)) return { model: next }
      return {
        model: { ...next, choice: wanted, identity: { state: 'loading' } },
        effects: [{ type: 'identify', choice: wanted, ...regionOf(model.edit, wanted) }],
      }
    }
    case 'identified':
      return identified(model, message)
    case 'observed':
      return observed(model, message)
    case 'evaluated':
      return loaded(model.snapshot) === message.snapshot
        ? {
            model: checked(
              withOwned(
                { ...model, today: { state: 'ready', value: message.today } },
                model.takingBack ? undefined : message.owned,
              ),
            ),
          }
        : { model }
    case 'evidence-found': {
      const { found } = message
      const lines = foundLines(found)
      const overlay = { kind: 'list' as const, title: `Evidence from ${found.path}`, lines, top: 0 }
      return { model: { ...model, evidence: withFound(model.evidence, found), overlay } }
    }
    case 'planned':
      return model.edit === message.edit
        ? { model: { ...model, plan: { state: 'ready', value: message.planned } } }
        : { model }
    case 'apply-event': {
      const next: Model = { ...model, run: tellRun(model.run, message.event) }
      // What was read before is old now: people, cells and a next plan are about the account as it is.
      return message.event.event === 'finished'
        ? { model: rememberRun(next), effects: [{ type: 'observe' }] }
        : { model: next }
    }
    case 'rollback-planned':
      return { model: { ...model, run: { ...startedRun(message.plan), ...undoingOf(model.run) } } }
    case 'second':
      return model.run.state === 'running' || model.run.state === 'stopping'
        ? { model: { ...model, run: { ...model.run, seconds: model.run.seconds + 1 } } }
        : { model }
    case 'verified':
      return { model: { ...model, verification: { state: 'ready', value: message.verification } } }
    case 'exported': {
      // Where they are comes first: a window of 24 rows has room for one line.
      const written = `Wrote ${count(message.paths.length, 'file')} to ${message.dir}.`
      return { model: { ...model, exporting: { ...model.exporting, written } } }
    }
    case 'export-rendered':
      return {
        model: { ...model, exporting: { ...model.exporting, files: message.files, runner: message.runner } },
      }
    case 'said':
      return { model: { ...model, said: { text: message.text, tone: message.tone } } }
    case 'failed':
      return failed(model, message.of, message.notice)
  }
}

/** Other choices may be for another account: which one, and what is in it, is asked anew. */
function unread(model: Model): Model {
  const none = { state: 'none' as const }
  const read = { choices: none, identity: none, snapshot: none, today: none, plan: none, verification: none }
  return { ...model, ...read, choice: undefined, resuming: undefined }
}

function identified(model: Model, { identity, choice }: Extract<Message, { type: 'identified' }>): Outcome {
  // A slow answer for an account that is no longer chosen must not replace the one that is.
  if (model.choice && model.choice.name !== choice.name) return { model }
  const other = foreignAccount(model.edit, identity.account) !== undefined
  const edit = other ? model.edit : withAccount(model.edit, identity.account, identity.region)
  // Undoing must not bring back who the names were in another account.
  const moved = edit.members !== model.edit.members ? { past: [], future: [], rowOrder: [] } : {}
  return {
    model: {
      ...model,
      ...moved,
      choice,
      identity: { state: 'ready', value: identity },
      edit,
      snapshot: { state: 'loading' },
    },
    effects: [{ type: 'observe' }],
  }
}

function observed(model: Model, { snapshot }: Extract<Message, { type: 'observed' }>): Outcome {
  const edit = resolveMembers(model.edit, snapshot)
  const next: Model = {
    ...model,
    edit,
    snapshot: { state: 'ready', value: snapshot },
    identity: withAlias(model.identity, snapshot),
    today: model.today.state === 'ready' ? model.today : { state: 'loading' },
  }
  const evaluate = { type: 'evaluate' as const, snapshot, name: edit.name }
  // Whoever went on by hand meanwhile, or is signed in to another account, is not taken along.
  const isThere = model.screen === 'account' && foreignAccount(edit, snapshot.account) === undefined
  if (model.resuming && model.resuming !== 'account' && isThere) {
    const go = model.resuming
    return {
      model: { ...next, resuming: undefined, said: changedMeanwhile(model, next) },
      effects: [evaluate],
      go,
    }
  }
  const back = toTakeBack(model)
  if (back && model.screen === 'account' && back.account === snapshot.account) {
    const preview: Model = { ...next, plan: { state: 'loading' } }
    return { model: preview, effects: [evaluate, planning(next)], go: 'preview' }
  }
  // Defaults wait for the account: those of steps already passed are filled in now, and the present step's too.
  const passed = screenIds
    .slice(0, screenIds.indexOf(model.screen) + 1)
    .filter((id) => id === 'roles' || id === 'servers')
  const filled = passed.reduce((now, id) => screenOf(id).enter?.(now).model ?? now, next)
  // Rows get their order once: a later reading must not move them under the cursor.
  const entered =
    model.screen === 'access' && model.rowOrder.length === 0 ? screenOf('access').enter?.(filled) : undefined
  return { model: entered?.model ?? filled, effects: [evaluate, ...(entered?.effects ?? [])] }
}

/** The alias is read with the account, after who is signed in is known. */
function withAlias(identity: Model['identity'], { alias }: Snapshot): Model['identity'] {
  if (identity.state !== 'ready' || alias === undefined || identity.value.alias === alias) return identity
  return { state: 'ready', value: { ...identity.value, alias } }
}

/** For someone who only looks: the answer, on top of the account. Everything else stays one key away. */
function checked(model: Model): Model {
  if (!model.checking) return model
  const lines = todayLines(model)
  return {
    ...model,
    checking: undefined,
    overlay: { kind: 'list', title: 'Who can do what today', lines, top: 0 },
  }
}

/** A new draft starts from what this tool gave before under the same name; one with choices of its own is left alone. */
function withOwned(model: Model, owned: Edit | undefined): Model {
  if (!owned || owned.members.length === 0 || model.edit.members.length > 0 || model.past.length > 0)
    return model
  const edit = withOwnedAccess(model.edit, owned, loaded(model.snapshot))
  const rows = owned.members.length
  const text = `${rows === 1 ? '1 row has' : `${rows} rows have`} access that this tool gave before; it is filled in.`
  return { ...model, edit, said: { text, tone: 'plain' } }
}

function changedMeanwhile(before: Model, after: Model): Model['said'] {
  const snapshot = loaded(after.snapshot)
  const gone = before.edit.members.filter(
    (member) => member.arn.startsWith('arn:aws') && snapshot && !known(member.arn, snapshot),
  )
  if (gone.length === 0) return undefined
  return {
    text: `${gone.length === 1 ? '1 principal no longer exists' : `${gone.length} principals no longer exist`}; see People.`,
    tone: 'warn',
  }
}

function known(arn: string, snapshot: Snapshot): boolean {
  return [...snapshot.users, ...snapshot.groups, ...snapshot.roles, ...snapshot.permissionSets].some(
    (each) => each.arn === arn,
  )
}

function failed(model: Model, of: string, notice: Notice): Outcome {
  const state = { state: 'failed' as const, notice }
  const overlay = { kind: 'notice' as const, notice }
  switch (of) {
    case 'choices':
      return { model: { ...model, choices: state } }
    case 'identity':
      return { model: { ...model, identity: state } }
    case 'snapshot':
      // A failed second reading leaves the first one on the screen.
      return model.snapshot.state === 'ready'
        ? { model: { ...model, overlay } }
        : { model: { ...model, snapshot: state } }
    case 'plan':
      return { model: { ...model, plan: state } }
    case 'verification':
      return { model: { ...model, verification: state } }
    case 'run': {
      const { what, why, fix } = notice
      const run =
        model.run.state === 'idle'
          ? model.run
          : { ...model.run, state: 'failed' as const, failure: { what, why, fix } }
      const plan = notice.exit === 7 ? { plan: { state: 'none' as const } } : {}
      return { model: rememberRun({ ...model, run, ...plan }) }
    }
    default:
      return { model: { ...model, overlay } }
  }
}
