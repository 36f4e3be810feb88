import { resolve } from 'node:path'
import { exitCodes } from '@mlflow-iam/core/problem'
import { count } from '../ui/text.ts'
import type { WizardAccount } from '../wizard/account.ts'
import { type DraftStore, draftsFolder, openDrafts } from '../wizard/drafts.ts'
import { verifiedExit } from '../wizard/exit-code.ts'
import { exitWords } from '../wizard/exit-words.ts'
import { findLastRun } from '../wizard/last-run.ts'
import { initialModel, isOnSandbox, type Model } from '../wizard/model.ts'
import { editOfDraft, openGrants } from '../wizard/open-grants.ts'
import { withSession } from '../wizard/session.ts'
import { stepOf } from '../wizard/steps.ts'
import { takingBack } from '../wizard/taking-back.ts'
import { type Asker, Leaving, lineAsker, promptAsker } from './asker.ts'
import { PlainSession } from './plain-session.ts'
import { takenOver, walk } from './walk.ts'
import { wantsPlain } from './wants-plain.ts'

export interface PlainSettings {
  readonly account: WizardAccount
  readonly flags: { readonly resume?: string; readonly file?: string }
  /** The wizard that is left for plain mode: it goes on at the same step, with everything that was chosen and read. */
  readonly from?: Model
  readonly io: {
    readonly stdin: NodeJS.ReadStream
    readonly stdout: NodeJS.WriteStream
    readonly env: Readonly<Record<string, string | undefined>>
  }
  readonly state?: {
    readonly drafts?: DraftStore
    readonly now?: () => Date
    readonly asker?: Asker
    /** Where journals are looked for; the working folder where absent. */
    readonly folder?: string
  }
  readonly toolVersion: string
}

/** The wizard's questions as lines: the same defaults, the same grants file, the same plan. */
export async function runPlain(settings: PlainSettings): Promise<number> {
  const { account, flags, io } = settings
  const now = settings.state?.now ?? (() => new Date())
  const drafts = settings.state?.drafts ?? openDrafts(draftsFolder(io.env))
  const asker =
    settings.state?.asker ??
    (wantsPlain(io.env) ? lineAsker(io.stdin, io.stdout) : promptAsker(io.stdin, io.stdout))
  const interrupt = watchInterrupt(asker)
  const first = initialModel({
    columns: 80,
    rows: 24,
    ascii: true,
    name: 'ml-platform',
    shellFlags: account.shellFlags(),
    day: now().toISOString().slice(0, 10),
  })
  const session = new PlainSession({ account, asker, drafts, now, toolVersion: settings.toolVersion }, first)
  const where = isOnSandbox(first) ? ', on the sandbox' : ''
  session.say(
    `mlflow-iam, plain mode${where}. Nothing changes in AWS until you confirm at step ${stepOf('apply')}.`,
  )
  session.say('Every prompt takes: back, save, quit, or ? for help.')
  try {
    session.model = settings.from
      ? takenOver(settings.from)
      : await openedModel(session, flags, settings.state?.folder ?? '.')
    await walk(session, interrupt.applying)
    return exitOf(session.model)
  } catch (error) {
    if (!(error instanceof Leaving)) throw error
    session.model = { ...session.model, exit: { code: 0, keepDraft: true } }
    if (error.how === 'end') session.say('The input ended, so the wizard stops here.')
    if (error.how === 'interrupt') return exitCodes.interrupted
    const code = exitOf(session.model)
    return error.how === 'end' && code === exitCodes.done ? exitCodes.needsAnswer : code
  } finally {
    for (const line of exitWords(session.model)) session.say(line)
    asker.close()
    interrupt.end()
  }
}

/** A draft or file that was named, else what is chosen among the drafts and the last apply of the folder. */
async function openedModel(
  session: PlainSession,
  flags: PlainSettings['flags'],
  folder: string,
): Promise<Model> {
  const { drafts } = session.world
  const { model } = session
  if (flags.file !== undefined) {
    const edit = openGrants(resolve(folder, flags.file), flags.file)
    return { ...model, edit, file: flags.file, defaulted: ['roles', 'servers'] }
  }
  const wanted = flags.resume ?? (await chosenAtFirst(session, folder))
  if (typeof wanted !== 'string') return wanted
  const { text, session: kept } = await drafts.read(wanted)
  const edit = editOfDraft(wanted, text, kept)
  return kept ? withSession(model, edit, kept) : { ...model, edit }
}

/** What to begin with, where there is something to choose: the name of a draft, or the model of a new beginning. */
async function chosenAtFirst(session: PlainSession, folder: string): Promise<string | Model> {
  const { model } = session
  const known = (await session.world.drafts.list()).slice(0, 9)
  const run = await findLastRun(folder)
  const [newest] = known
  if (!newest && !run) return model
  if (newest)
    session.say(
      [
        'Drafts:',
        ...known.map(
          (draft, index) =>
            `${index + 1}. ${draft.name}, step ${draft.step}, saved ${draft.savedAt.slice(0, 16)}`,
        ),
      ].join('\n'),
    )
  if (run)
    session.say(
      `The last apply here, ${run.at.slice(0, 16)}, account ${run.account}, ${count(run.changes, 'change')}, can be taken back.`,
    )
  const back = run ? ', or roll back' : ''
  const question = newest
    ? `Draft${run ? ', new' : ', or new'}${back} (default 1):`
    : `New${back} (default new):`
  const hint = `${newest ? 'Number or name of a draft to go on with, or new' : 'new'}${run ? '; roll back takes the last apply back' : ''}.`
  for (;;) {
    const answer = await session.ask(question, hint)
    if (answer === 'new' || (answer === '' && !newest))
      return freshDraft(model, await session.world.drafts.list())
    if (answer === 'roll back' && run)
      return takingBack(freshDraft(model, await session.world.drafts.list()), run)
    if (answer === '' && newest) return newest.name
    const draft = known[Number(answer) - 1] ?? known.find(({ name }) => name === answer)
    if (draft) return draft.name
    session.say(`There is no draft "${answer}". ${hint}`)
  }
}

/** A new draft must not write over an old one of the same name. */
function freshDraft(model: Model, known: readonly { readonly name: string }[]): Model {
  const taken = new Set(known.map((draft) => draft.name))
  let { name } = model.edit
  for (let number = 2; taken.has(name); number += 1) name = `${model.edit.name}-${number}`
  return { ...model, edit: { ...model.edit, name } }
}

function exitOf(model: Model): number {
  return model.run.state === 'failed' ? exitCodes.partlyDone : verifiedExit(model)
}

/** At a question Ctrl-C leaves; while something is applied the first one stops it safely, the second leaves at once. */
function watchInterrupt(asker: Asker): { readonly applying: () => AbortSignal; readonly end: () => void } {
  let stop: AbortController | undefined
  const others = process.listeners('SIGINT')
  const onSignal = () => {
    if (!stop) return asker.interrupt()
    if (stop.signal.aborted) process.exit(exitCodes.interrupted)
    stop.abort()
  }
  process.removeAllListeners('SIGINT')
  process.on('SIGINT', onSignal)
  return {
    applying() {
      stop = new AbortController()
      return stop.signal
    },
    end() {
      process.off('SIGINT', onSignal)
      for (const other of others) process.on('SIGINT', other)
    },
  }
}
