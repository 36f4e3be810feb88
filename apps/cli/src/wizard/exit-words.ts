import { changedWords, rememberRun, runsToUndo } from './applied.ts'
import { loaded, type Model } from './model.ts'
import { doneOf } from './run.ts'

/** What stays on the normal screen after leaving: what happened, and how to go on. */
export function exitWords(model: Model): readonly string[] {
  const { run, edit, exit } = model
  const identity = loaded(model.identity)
  const where = identity ? (identity.alias ?? identity.account) : undefined
  const lines: string[] = []
  if (run.state !== 'idle') {
    lines.push(
      `${doneOf(run)} of ${run.tasks.length} ${run.undoing ? 'taken back' : 'done'} in ${run.seconds} s${where ? ` in ${where}` : ''}.`,
    )
    if (run.failure) lines.push(`Failed: ${run.failure.what} ${run.failure.why}`)
    if (run.journal && run.state !== 'finished')
      lines.push(`Go on: mlflow-iam apply --resume ${run.journal}${model.shellFlags}`)
  } else if (model.screen !== 'start') lines.push(changedWords(model))
  for (const { journal } of runsToUndo(rememberRun(model)))
    lines.push(`Undo: mlflow-iam rollback ${journal}${model.shellFlags}`)
  if (model.file) lines.push(`Grants file: ${model.file}`)
  const empty = model.takingBack !== undefined && edit.members.length === 0
  const drafted =
    model.screen !== 'start' && !empty && (edit.account !== undefined || edit.accounts.length > 0)
  if (exit?.keepDraft && drafted) lines.push(`Continue: mlflow-iam --resume ${edit.name}${model.shellFlags}`)
  return lines
}
