import { loaded, type Model, type ScreenId } from '../wizard/model.ts'
import { accessStep } from './access-step.ts'
import { accountStep, readToday, rolesStep, type Turn } from './first-steps.ts'
import { applyStep, previewStep, verifyStep } from './last-steps.ts'
import { peopleStep } from './people-step.ts'
import type { PlainSession } from './plain-session.ts'
import { serversStep } from './servers-step.ts'

interface Step {
  readonly id: ScreenId
  readonly ask: (session: PlainSession) => Promise<Turn | 'end'>
}

const goingOn = 'Going on where you were; back goes to the step before.'

/** The model of a wizard without what is only drawn: questions that were open are asked again. */
export function takenOver(model: Model): Model {
  const { exit: _, overlay: __, said: ___, previewFrom: ____, ...kept } = model
  return { ...kept, columns: 80, rows: 24, ascii: true }
}

/**
 * Goes through the steps, from where the model stands once the account is read; `back` is a real step back, and what
 * was answered stays.
 */
export async function walk(session: PlainSession, applying: () => AbortSignal): Promise<void> {
  const account: Step = { id: 'account', ask: accountStep }
  const choosing: readonly Step[] = [
    { id: 'roles', ask: rolesStep },
    { id: 'servers', ask: serversStep },
    { id: 'people', ask: peopleStep },
    { id: 'access', ask: accessStep },
  ]
  const steps: readonly Step[] = [
    account,
    ...(session.model.takingBack ? [] : choosing),
    { id: 'preview', ask: previewStep },
    { id: 'apply', ask: (each) => applyStep(each, applying) },
  ]
  const left = stepLeft(session.model)
  const isRead = loaded(session.model.snapshot) !== undefined
  if (!isRead) session.model = { ...session.model, screen: 'account' }
  else if (session.model.today.state !== 'ready') readToday(session)
  let at = isRead
    ? Math.max(
        0,
        steps.findIndex(({ id }) => id === left),
      )
    : 0
  let onward = left === 'start' || left === 'account' ? undefined : left
  if (onward !== undefined && isRead) session.say(goingOn)
  if (onward === 'verify') at = steps.length
  while (at < steps.length) {
    const turn = await steps[at]?.ask(session)
    if (turn === 'end') return
    at = turn === 'back' ? Math.max(0, at - 1) : at + 1
    if (isRead || at !== 1 || onward === undefined) continue
    // The account is read: a draft goes on at its own step.
    at = Math.max(
      1,
      steps.findIndex(({ id }) => id === onward),
    )
    if (at > 1) session.say(goingOn)
    onward = undefined
  }
  if (!session.model.takingBack) await verifyStep(session)
}

/** The step to go on at: a question about a plan needs that plan, and a run that stopped is planned anew. */
function stepLeft({ screen, plan, run, applyMode }: Model): ScreenId {
  if (screen === 'verify') return plan.state === 'ready' ? 'verify' : 'preview'
  if (screen !== 'apply') return screen
  if (run.state === 'finished' && run.undoing === undefined) return 'verify'
  return applyMode === 'confirm' && run.state === 'idle' && plan.state === 'ready' ? 'apply' : 'preview'
}
