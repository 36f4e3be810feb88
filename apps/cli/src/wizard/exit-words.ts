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
      `${doneOf(run)} of ${run.tasks.length} done in ${run.seconds} s${where ? ` in ${where}` : ''}.`,
    )
    if (run.failure) lines.push(`Failed: ${run.failure.what} ${run.failure.why}`)
    if (run.journal && doneOf(run) > 0)
      lines.push(`Undo: mlflow-iam rollback ${run.journal}${model.shellFlags}`)
    if (run.journal && run.state !== 'finished')
      lines.push(`Go on: mlflow-iam apply --resume ${run.journal}${model.shellFlags}`)
  } else if (model.screen !== 'start') lines.push('Nothing has changed in AWS.')
  if (model.file) lines.push(`Grants file: ${model.file}`)
  const drafted = model.screen !== 'start' && edit.account !== undefined
  if (exit?.keepDraft && drafted) lines.push(`Continue: mlflow-iam --resume ${edit.name}${model.shellFlags}`)
  return lines
}
