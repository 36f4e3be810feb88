import { screenOf } from '../screens/index.ts'
import type { WizardAccount } from '../wizard/account.ts'
import { answered, type Question } from '../wizard/ask.ts'
import type { DraftStore } from '../wizard/drafts.ts'
import type { Message } from '../wizard/effect.ts'
import { grantsText } from '../wizard/grants-text.ts'
import { loaded, type Model, type ScreenId } from '../wizard/model.ts'
import { noticeOf } from '../wizard/notice.ts'
import { saveGrants } from '../wizard/save-grants.ts'
import { sessionOf } from '../wizard/session.ts'
import { stepOf } from '../wizard/steps.ts'
import { update } from '../wizard/update.ts'
import { type Asker, Leaving } from './asker.ts'

export interface PlainWorld {
  readonly account: WizardAccount
  readonly asker: Asker
  readonly drafts: DraftStore
  readonly now: () => Date
  readonly toolVersion: string
}

/** The same model that the wizard edits, asked about in lines. What a person says comes here; nothing is drawn. */
export class PlainSession {
  readonly world: PlainWorld
  model: Model
  #hinted = new Set<string>()

  constructor(world: PlainWorld, model: Model) {
    this.world = world
    this.model = model
  }

  say(text: string): void {
    this.world.asker.say(text)
  }

  /** Asks; `?`, `save` and `quit` are answered here, on every prompt. `back` comes back as it is. */
  async ask(question: string, hint: string): Promise<string> {
    if (!this.#hinted.has(hint)) {
      this.#hinted.add(hint)
      this.say(hint)
    }
    for (;;) {
      const answer = await this.world.asker.ask(question)
      if (answer === '?') this.say(`${hint} Every prompt takes: back, save, quit, or ? for help.`)
      else if (answer === 'quit') throw new Leaving('quit')
      else if (answer === 'save') await this.saveFile()
      else if (answer.startsWith('save ')) await this.saveFile(answer.slice('save '.length).trim())
      else return answer
    }
  }

  /** Takes in what was read, exactly as the wizard does. */
  receive(message: Message): void {
    this.model = update(this.model, message).model
  }

  /** Comes to a step: defaults are filled in as the wizard fills them in. */
  async enter(screen: ScreenId): Promise<void> {
    this.model = { ...this.model, screen }
    this.model = screenOf(screen).enter?.(this.model).model ?? this.model
    await this.keep()
  }

  /** Saves the draft. */
  async keep(): Promise<void> {
    if (!loaded(this.model.identity)) return
    const { edit, takingBack } = this.model
    // Looking at what could be taken back leaves no draft behind.
    if (takingBack && edit.members.length === 0) return
    await this.world.drafts.save(edit.name, grantsText(edit), sessionOf(this.model), this.world.now())
  }

  /** Changes the model and keeps it; says what changed. */
  async change(next: Model): Promise<void> {
    this.model = next
    if (next.said) this.say(withoutKeys(next.said.text))
    this.model = { ...next, said: undefined }
    await this.keep()
  }

  /** `undo` or `redo`: one step of the choices, as `u` and Ctrl-R do it in the wizard. */
  undo(verb: 'undo' | 'redo'): Promise<void> {
    const name = verb === 'undo' ? 'u' : 'ctrl-r'
    return this.change(update(this.model, { type: 'key', key: { name, text: 'u' } }).model)
  }

  /** Says what a change would mean and makes it after `yes` alone; a text says why there is nothing to ask. */
  async agree(question: Question | string): Promise<void> {
    if (typeof question === 'string') return this.say(question)
    this.say(
      [question.title, ...question.lines.map((each) => each.replace(/^ *([!+~-] )?/, '$1'))]
        .map(withoutKeys)
        .join('\n'),
    )
    const answer = await this.ask(
      'Do it? (yes or no, default no):',
      `Nothing changes in AWS before step ${stepOf('apply')}.`,
    )
    if (answer === 'yes') return this.change(answered(this.model, question))
    this.say('Left as it is.')
  }

  async saveFile(path = this.model.file ?? 'grants.yaml'): Promise<void> {
    try {
      await saveGrants(path, path, this.model.edit)
      this.model = { ...this.model, file: path }
      this.say(`Saved ${path}.`)
    } catch (error) {
      const { what, why, fix } = noticeOf(error)
      this.say([what, `Why: ${why}`, ...fix.map((each) => `Fix: ${each}`), 'save FILE does.'].join('\n'))
    }
  }
}

/** What the wizard says of its keys, in the words that lines answer to. */
function withoutKeys(text: string): string {
  return text
    .replace(/\bu undoes\./, 'undo takes it back.')
    .replace(/\bu after\b/, 'undo after')
    .replace('ctrl-r does it again.', 'redo does it again.')
    .replace('= drops them.', 'plain drops them.')
}
