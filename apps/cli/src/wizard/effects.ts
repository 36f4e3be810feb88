import { resolve } from 'node:path'
import type { ApplyEvent } from '@mlflow-iam/aws'
import type { WizardAccount, WizardApplyOptions } from './account.ts'
import { createSaving } from './draft-saving.ts'
import type { DraftStore } from './drafts.ts'
import type { Effect, FailedPart, Message } from './effect.ts'
import { grantsText } from './grants-text.ts'
import { findLastRun } from './last-run.ts'
import { noticeOf } from './notice.ts'
import { editOfDraft, openGrants } from './open-grants.ts'
import { readOwned, readToday } from './read-today.ts'
import { writeOnRequest } from './write-on-request.ts'

/** What the world offers to the wizard. */
export interface World {
  readonly account: WizardAccount
  readonly drafts: DraftStore
  readonly now: () => Date
  /** Copies a text and says by which route. */
  readonly copy: (text: string) => Promise<string>
  /** Leaves the screen to another program until it ends. */
  readonly page: (text: string) => Promise<void>
  readonly run: (command: readonly string[]) => Promise<number>
  readonly suspend: () => Promise<void>
  readonly toolVersion: string
  /** What relative paths are relative to; the working folder where absent. */
  readonly folder?: string
}

/** Does the work that keys ask for, and sends back what came of it. The only place of the wizard that acts. */
export function createEffects(world: World, send: (message: Message) => void) {
  const savings = createSaving(world, send)
  /** Paths that people name are relative to the folder that they started in. */
  const at = (path: string) => resolve(world.folder ?? '.', path)
  let applying: AbortController | undefined
  let observing = 0

  async function perform(effect: Effect): Promise<void> {
    const { account, drafts, now } = world
    switch (effect.type) {
      case 'load-drafts': {
        send({ type: 'drafts', drafts: await drafts.list() })
        const run = await findLastRun(world.folder ?? '.')
        return run && send({ type: 'last-run', run })
      }
      case 'load-choices':
        return send({ type: 'choices', choices: await account.choices() })
      case 'identify': {
        await account.choose(effect.choice, effect.region)
        return send({ type: 'identified', identity: await account.identity(), choice: effect.choice })
      }
      case 'observe': {
        observing += 1
        const mine = observing
        const snapshot = await account.observe()
        if (mine === observing) send({ type: 'observed', snapshot })
        return
      }
      case 'evaluate': {
        const { snapshot, name } = effect
        const owned = readOwned(snapshot, name, now())
        const today = readToday(snapshot, name, now())
        return send({ type: 'evaluated', today, snapshot, ...(owned ? { owned } : {}) })
      }
      case 'plan':
        return send({
          type: 'planned',
          planned: await account.plan(grantsText(effect.edit)),
          edit: effect.edit,
        })
      case 'plan-rollback': {
        const { plan } = await account.planRollback(effect.journal)
        const planned = { plan, snapshot: await account.observe() }
        return send({ type: 'rollback-shown', planned, journal: effect.journal })
      }
      case 'apply':
        return follow((options) => account.apply(effect.plan, options))
      case 'resume-apply':
        return follow((options) =>
          account.resume(effect.journal, { ...options, leaveOut: new Set(effect.leaveOut) }),
        )
      case 'rollback': {
        const planned = await account.planRollback(effect.journal)
        send({ type: 'rollback-planned', plan: planned.plan })
        return follow((options) => account.rollback(effect.journal, planned, options))
      }
      case 'stop-apply':
        return applying?.abort()
      case 'verify':
        return send({ type: 'verified', verification: await account.verify(effect.plan) })
      case 'export':
      case 'render-export':
      case 'save-file':
      case 'save-plan':
      case 'save-commands':
      case 'save-report':
        return writeOnRequest(effect, { now, toolVersion: world.toolVersion, at, send, say })
      case 'save-draft':
        return savings.save(effect)
      case 'open-draft': {
        const { text, session } = await drafts.read(effect.name)
        const edit = editOfDraft(effect.name, text, session)
        if (!session) return send({ type: 'file-opened', edit, path: effect.name })
        return send({ type: 'draft-opened', edit, session })
      }
      case 'discard-draft':
        await savings.settled()
        return drafts.discard(effect.name, now())
      case 'import-evidence': {
        const { importEvidence } = await import('./import-evidence.ts')
        const found = await importEvidence(at(effect.path), effect.path)
        return send({ type: 'evidence-found', found })
      }
      case 'open-file': {
        const edit = openGrants(at(effect.path), effect.path)
        return send({ type: 'file-opened', edit, path: effect.path })
      }
      case 'copy':
        return say(`Copied ${effect.what}: ${await world.copy(effect.text)}`)
      case 'pager':
        return world.page(effect.text)
      case 'sign-in': {
        const command = account.signInCommand()
        if (!command) return say('This account has nothing to sign in to.', 'warn')
        const code = await world.run(command)
        return say(
          code === 0 ? 'Signed in. r goes on here.' : `${command.join(' ')} ended with ${code}.`,
          code === 0 ? 'plain' : 'warn',
        )
      }
      case 'suspend':
        return world.suspend()
    }
  }

  /** Hands on what an apply tells, and a tick for each second of it. */
  async function follow(begin: (options: WizardApplyOptions) => AsyncIterable<ApplyEvent>): Promise<void> {
    applying = new AbortController()
    const clock = setInterval(() => send({ type: 'second' }), 1000)
    try {
      for await (const event of begin({ onError: 'stop', signal: applying.signal }))
        send({ type: 'apply-event', event })
    } finally {
      clearInterval(clock)
      applying = undefined
    }
  }

  function say(text: string, tone: 'plain' | 'warn' = 'plain'): void {
    send({ type: 'said', text, tone })
  }

  return {
    /** Starts an effect; whatever goes wrong comes back as a message. */
    start(effect: Effect): void {
      perform(effect).catch((error) => send({ type: 'failed', of: partOf(effect), notice: noticeOf(error) }))
    },
    /** Resolves when the last draft is on the disk. */
    settled: savings.settled,
  }
}

function partOf(effect: Effect): FailedPart {
  switch (effect.type) {
    case 'load-choices':
      return 'choices'
    case 'identify':
      return 'identity'
    case 'observe':
      return 'snapshot'
    case 'plan':
    case 'plan-rollback':
      return 'plan'
    case 'apply':
    case 'resume-apply':
    case 'rollback':
      return 'run'
    case 'verify':
      return 'verification'
    default:
      return 'other'
  }
}
