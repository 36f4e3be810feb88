import { join } from 'node:path'
import { renderCommands } from '@mlflow-iam/core/export/render-commands'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { exitCodes } from '@mlflow-iam/core/problem'
import { asTyped } from '../output/as-typed.ts'
import { formats } from '../screens/apply-export.ts'
import { stepTitle } from '../screens/index.ts'
import { count } from '../ui/text.ts'
import { rememberRun } from '../wizard/applied.ts'
import { checkedRows } from '../wizard/checked-rows.ts'
import { accountWord, phraseOf } from '../wizard/confirm.ts'
import { grantsText } from '../wizard/grants-text.ts'
import { loaded } from '../wizard/model.ts'
import { noticeOf } from '../wizard/notice.ts'
import { type PlanFacts, planFacts } from '../wizard/plan-facts.ts'
import { reachWords } from '../wizard/reach.ts'
import { doneOf, startedRun, taskGroups } from '../wizard/run.ts'
import { saveGrants } from '../wizard/save-grants.ts'
import { toTakeBack } from '../wizard/taking-back.ts'
import { tellRun } from '../wizard/tell-run.ts'
import { writeFiles } from '../wizard/write-files.ts'
import type { Turn } from './first-steps.ts'
import type { PlainSession } from './plain-session.ts'

/** Step 6: what would change. `apply` goes on, `export` writes files and stays. */
export async function previewStep(session: PlainSession): Promise<Turn | 'end'> {
  await session.enter('preview')
  const { edit } = session.model
  const { account } = session.world
  const run = toTakeBack(session.model)
  try {
    if (run) {
      const { plan } = await account.planRollback(run.journal)
      const planned = { plan, snapshot: await account.observe() }
      session.receive({ type: 'rollback-shown', planned, journal: run.journal })
    } else session.receive({ type: 'planned', planned: await account.plan(grantsText(edit)), edit })
  } catch (error) {
    sayProblem(session, error)
    return 'back'
  }
  const planned = loaded(session.model.plan)
  if (!planned) return 'back'
  const facts = planFacts(planned)
  const { plan } = planned
  session.say(
    `${stepTitle('preview')} Plan ${plan.id} for ${accountWord(session.model)} ${plan.account}, ${plan.region}.`,
  )
  saySummary(session, facts)
  for (;;) {
    const answer = await session.ask('Preview:', 'diff, commands, json, risk, save, export, apply, back.')
    switch (answer) {
      case 'back':
        return 'back'
      case 'apply':
        if (plan.operations.length > 0) return 'next'
        session.say('Nothing to change: AWS is as chosen.')
        break
      case 'diff':
        sayDiff(session, facts)
        break
      case 'commands':
        session.say(renderCommands(plan))
        break
      case 'json':
        session.say(
          facts.documents.map((document) => `${document.title}\n${document.text}`).join('\n') ||
            'No documents are sent.',
        )
        break
      case 'risk':
        sayFindings(session, facts)
        break
      case 'export':
        await exportPlan(session)
        break
      case 'done':
        return 'end'
      default:
        session.say('Answer diff, commands, json, risk, save, export, apply or back.')
    }
  }
}

function sayProblem(session: PlainSession, error: unknown): ReturnType<typeof noticeOf> {
  const notice = noticeOf(error)
  const { what, why, fix } = notice
  session.say([what, `Why: ${why}`, ...fix.map((each) => `Fix: ${each}`)].join('\n'))
  return notice
}

function saySummary(session: PlainSession, facts: PlanFacts): void {
  const high = facts.findings.filter((finding) => finding.level === 'high')
  session.say(
    `Adds access for ${reachWords(facts.gain)}. Removes access from ${reachWords(facts.lose)}. ${count(facts.calls.length, 'AWS change')}. ${count(high.length, 'high risk')}.`,
  )
  for (const [index, finding] of high.entries())
    session.say(`High ${index + 1} of ${high.length}. ${finding.message}`)
}

function sayFindings(session: PlainSession, facts: PlanFacts): void {
  session.say(
    facts.findings.map((finding) => `${finding.level}: ${finding.message}`).join('\n') || 'No findings.',
  )
}

function sayDiff(session: PlainSession, facts: PlanFacts): void {
  const lines = facts.people.flatMap((person) =>
    person.servers.map((server) => {
      const gained = server.gained.length > 0 ? ` gains ${server.gained.join(', ')}.` : ''
      const lost = server.lost.length > 0 ? ` loses ${server.lost.join(', ')}.` : ''
      return `${person.name}, ${person.note}, on ${server.server}: ${server.before} to ${count(server.after, 'action')}.${gained}${lost}`
    }),
  )
  session.say(lines.join('\n') || 'Nobody gains or loses an action.')
}

async function exportPlan(session: PlainSession): Promise<void> {
  const planned = loaded(session.model.plan)
  if (!planned) return
  const names = formats.map((format) => format.id)
  const format = await session.ask('Format (default terraform):', `${names.join(', ')}.`)
  if (format === 'back') return
  const wanted = names.find((name) => name === (format === '' ? 'terraform' : format))
  if (!wanted) return session.say(`"${format}" is none of ${names.join(', ')}.`)
  const dir = `./mlflow-iam-${planned.plan.id}`
  const into = await session.ask(`Folder (default ${dir}):`, 'A folder; it is made where it does not exist.')
  if (into === 'back') return
  const folder = into || dir
  try {
    const paths = await writeExport(session, planned.plan, wanted, folder)
    session.say(`Wrote ${count(paths.length, 'file')} to ${folder}: ${paths.join(', ')}.`)
  } catch (error) {
    sayProblem(session, error)
  }
}

async function writeExport(
  session: PlainSession,
  plan: Plan,
  format: (typeof formats)[number]['id'],
  folder: string,
): Promise<readonly string[]> {
  if (format === 'grants') {
    const path = join(folder, 'grants.yaml')
    await saveGrants(path, path, session.model.edit)
    return ['grants.yaml']
  }
  const { exporters } = await import('@mlflow-iam/core/export/index')
  const options = { json: false, readme: true, toolVersion: session.world.toolVersion }
  const files = exporters[format].render(plan, options)
  return (await writeFiles(folder, files)).map((file) => file.path)
}

/** Step 7: the same question as the wizard's, then progress in whole lines. */
export async function applyStep(session: PlainSession, applying: () => AbortSignal): Promise<Turn | 'end'> {
  await session.enter('apply')
  const planned = loaded(session.model.plan)
  if (!planned) return 'back'
  const facts = planFacts(planned)
  const run = toTakeBack(session.model)
  const phrase = run ? accountWord(session.model) : phraseOf(session.model, facts.agreement)
  const where = `${accountWord(session.model)} ${planned.plan.account}, ${planned.plan.region}`
  if (run)
    session.say(
      `${stepTitle('apply')} Takes back what was done in account ${where}: ${count(run.changes, 'change')}, the last one first. What others changed since is left alone.`,
    )
  else
    session.say(
      `${stepTitle('apply')} Changes account ${where}. ${facts.agreement.confirm ? 'This plan needs a second look.' : `Adds only; ${count(facts.calls.length, 'AWS change')}.`}`,
    )
  for (const reason of facts.agreement.reasons) session.say(reason)
  const question = run
    ? `Type the account alias ${phrase} to take it back, or back:`
    : phrase === undefined
      ? 'Type yes to apply, or back:'
      : `Type ${facts.agreement.deletes > 0 ? '' : 'the account alias '}${phrase} to apply, or back:`
  const answer = await session.ask(
    question,
    'Nothing else begins it. Every change is journalled and can be rolled back.',
  )
  if (answer !== (phrase ?? 'yes')) {
    session.say(`Not matched, so nothing was ${run ? 'taken back' : 'applied'}.`)
    return 'back'
  }
  return runPlan(session, applying())
}

async function runPlan(session: PlainSession, signal: AbortSignal): Promise<Turn | 'end'> {
  const planned = loaded(session.model.plan)
  if (!planned) return 'back'
  const back = toTakeBack(session.model)
  const undoing = back ? { undoing: back.journal } : {}
  session.model = { ...session.model, run: { ...startedRun(planned.plan), ...undoing }, applyMode: 'run' }
  const { account } = session.world
  const options = { onError: 'stop', signal } as const
  const events = back
    ? account.rollback(back.journal, planned, options)
    : account.apply(planned.plan, options)
  const told = new Set<string>()
  const started = session.world.now().getTime()
  let spoke = started
  try {
    for await (const event of events) {
      const run = tellRun(session.model.run, event)
      session.model = { ...session.model, run }
      if (run.state === 'idle') continue
      if (event.event === 'throttled')
        session.say(`AWS asked to slow down. Running ${count(event.concurrency, 'call')} at a time.`)
      if (event.event === 'failed')
        session.say(
          [event.error.what, `Why: ${event.error.why}`, ...event.error.fix.map((fix) => `Fix: ${fix}`)].join(
            '\n',
          ),
        )
      for (const { title, tasks } of taskGroups(run.tasks)) {
        if (told.has(title) || !tasks.every((task) => task.state === 'done')) continue
        told.add(title)
        session.say(`${title} ${tasks.length} of ${tasks.length} done.`)
      }
      const now = session.world.now().getTime()
      if (now - spoke > 30_000) {
        spoke = now
        session.say(`Still working: ${doneOf(run)} of ${run.tasks.length}.`)
      }
    }
  } catch (error) {
    const { exit } = sayProblem(session, error)
    session.model = { ...session.model, run: { state: 'idle' } }
    // Nothing was sent: the preview plans anew, and exports for someone who may.
    return exit === exitCodes.stalePlan || exit === exitCodes.accessDenied ? 'back' : 'end'
  }
  const { run } = session.model
  if (run.state === 'idle') return 'end'
  const seconds = Math.round((session.world.now().getTime() - started) / 1000)
  const flags = session.model.shellFlags
  session.model = rememberRun({ ...session.model, run: { ...run, seconds } })
  const undo = run.journal && !back ? asTyped(` Undo: mlflow-iam rollback ${run.journal}${flags}`) : ''
  session.say(
    `${back ? 'Taken back' : 'Done'}: ${doneOf(run)} of ${run.tasks.length} in ${count(seconds, 'second')}.${undo}`,
  )
  if (run.state === 'finished') return 'next'
  if (run.journal) session.say(asTyped(`Go on: mlflow-iam apply --resume ${run.journal}${flags}`))
  return 'end'
}

/** Step 8: does the account agree? */
export async function verifyStep(session: PlainSession): Promise<void> {
  await session.enter('verify')
  const planned = loaded(session.model.plan)
  if (!planned) return
  for (;;) {
    try {
      session.receive({ type: 'verified', verification: await session.world.account.verify(planned.plan) })
      break
    } catch (error) {
      session.receive({ type: 'failed', of: 'verification', notice: sayProblem(session, error) })
      const answer = await session.ask(
        'Check again? (yes or no, default no):',
        'What was applied stays applied; only the check is missing.',
      )
      if (answer !== 'yes') return
    }
  }
  const rows = checkedRows(session.model)
  const amount = (result: string) => rows.filter((row) => row.result === result).length
  session.say(
    `${stepTitle('verify')} ${rows.length} checked. ${amount('as planned')} as planned. ${amount('more than planned')} more than planned. ${amount('missing access') + amount('extra access')} different.${amount('not known') > 0 ? ` ${amount('not known')} not known.` : ''}`,
  )
  for (const row of rows.filter((each) => each.result !== 'as planned')) {
    const sources = row.cells.flatMap((cell) =>
      cell.more.map(
        (source) =>
          `${cell.server} has ${count(source.actions.length, 'action')} more than planned, through ${source.policy}.`,
      ),
    )
    session.say(`${row.title}: ${[...row.because, ...sources].join(' ')}`)
  }
}
