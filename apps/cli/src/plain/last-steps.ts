import { renderCommands } from '@mlflow-iam/core/export/render-commands'
import { exitCodes } from '@mlflow-iam/core/problem'
import { asTyped } from '../output/as-typed.ts'
import { formats } from '../screens/apply-export.ts'
import { stepTitle } from '../screens/index.ts'
import { checkedRows } from '../screens/verify.ts'
import { count } from '../ui/text.ts'
import { accountWord, phraseOf } from '../wizard/confirm.ts'
import { grantsText } from '../wizard/grants-text.ts'
import { loaded } from '../wizard/model.ts'
import { noticeOf } from '../wizard/notice.ts'
import { type PlanFacts, planFacts } from '../wizard/plan-facts.ts'
import { reachWords } from '../wizard/reach.ts'
import { doneOf, startedRun, taskGroups, tellRun } from '../wizard/run.ts'
import { writeFiles } from '../wizard/write-files.ts'
import type { Turn } from './first-steps.ts'
import type { PlainSession } from './plain-session.ts'

/** Step 6: what would change. `apply` goes on, `export` writes files and stays. */
export async function previewStep(session: PlainSession): Promise<Turn | 'end'> {
  await session.enter('preview')
  const { edit } = session.model
  try {
    const planned = await session.world.account.plan(grantsText(edit))
    session.receive({ type: 'planned', planned, edit })
  } catch (error) {
    const { what, why, fix } = noticeOf(error)
    session.say([what, `Why: ${why}`, ...fix.map((each) => `Fix: ${each}`)].join('\n'))
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
      return `${person.name}, ${person.note}, on ${server.server}: ${server.before} to ${server.after} actions.${gained}${lost}`
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
  const { exporters } = await import('@mlflow-iam/core/export/index')
  const files =
    wanted === 'grants'
      ? [{ path: 'grants.yaml', text: grantsText(session.model.edit), executable: false }]
      : exporters[wanted].render(planned.plan, {
          json: false,
          readme: true,
          toolVersion: session.world.toolVersion,
        })
  const written = await writeFiles(into || dir, files)
  session.say(
    `Wrote ${written.length} files to ${into || dir}: ${written.map((file) => file.path).join(', ')}.`,
  )
}

/** Step 7: the same question as the wizard's, then progress in whole lines. */
export async function applyStep(session: PlainSession, applying: () => AbortSignal): Promise<Turn | 'end'> {
  await session.enter('apply')
  const planned = loaded(session.model.plan)
  if (!planned) return 'back'
  const facts = planFacts(planned)
  const phrase = phraseOf(session.model, facts.agreement)
  const where = `${accountWord(session.model)} ${planned.plan.account}, ${planned.plan.region}`
  session.say(
    `${stepTitle('apply')} Changes account ${where}. ${facts.agreement.confirm ? 'This plan needs a second look.' : `Adds only; ${count(facts.calls.length, 'AWS change')}.`}`,
  )
  for (const reason of facts.agreement.reasons) session.say(reason)
  const question =
    phrase === undefined
      ? 'Type yes to apply, or back:'
      : `Type ${facts.agreement.deletes > 0 ? '' : 'the account alias '}${phrase} to apply, or back:`
  const answer = await session.ask(
    question,
    'Nothing else begins it. Every change is journalled and can be rolled back.',
  )
  if (answer !== (phrase ?? 'yes')) {
    session.say('Not matched, so nothing was applied.')
    return 'back'
  }
  return runPlan(session, applying())
}

async function runPlan(session: PlainSession, signal: AbortSignal): Promise<Turn | 'end'> {
  const planned = loaded(session.model.plan)
  if (!planned) return 'back'
  session.model = { ...session.model, run: startedRun(planned.plan), applyMode: 'run' }
  const told = new Set<string>()
  const started = session.world.now().getTime()
  let spoke = started
  try {
    for await (const event of session.world.account.apply(planned.plan, { onError: 'stop', signal })) {
      const run = tellRun(session.model.run, event)
      session.model = { ...session.model, run }
      if (run.state === 'idle') continue
      if (event.event === 'throttled')
        session.say(`AWS asked to slow down. Running ${event.concurrency} calls at a time.`)
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
    const { what, why, fix, exit } = noticeOf(error)
    session.say([what, `Why: ${why}`, ...fix.map((each) => `Fix: ${each}`)].join('\n'))
    session.model = { ...session.model, run: { state: 'idle' } }
    return exit === exitCodes.stalePlan ? 'back' : 'end'
  }
  const { run } = session.model
  if (run.state === 'idle') return 'end'
  const seconds = Math.round((session.world.now().getTime() - started) / 1000)
  const flags = session.model.shellFlags
  const undo = run.journal ? asTyped(` Undo: mlflow-iam rollback ${run.journal}${flags}`) : ''
  session.say(`Done: ${doneOf(run)} of ${run.tasks.length} in ${count(seconds, 'second')}.${undo}`)
  if (run.state === 'finished') return 'next'
  if (run.journal) session.say(asTyped(`Go on: mlflow-iam apply --resume ${run.journal}${flags}`))
  return 'end'
}

/** Step 8: does the account agree? */
export async function verifyStep(session: PlainSession): Promise<void> {
  await session.enter('verify')
  const planned = loaded(session.model.plan)
  if (!planned) return
  const verification = await session.world.account.verify(planned.plan)
  session.receive({ type: 'verified', verification })
  const rows = checkedRows(session.model)
  const amount = (result: string) => rows.filter((row) => row.result === result).length
  session.say(
    `${stepTitle('verify')} ${rows.length} checked. ${amount('as planned')} as planned. ${amount('more than planned')} more than planned. ${amount('missing access') + amount('extra access')} different.`,
  )
  for (const row of rows.filter((each) => each.result !== 'as planned')) {
    const sources = row.cells.flatMap((cell) =>
      cell.more.map(
        (source) =>
          `${cell.server} has ${source.actions.length} actions more than planned, through ${source.policy}`,
      ),
    )
    session.say(`${row.title}: ${[...row.because, ...sources].join('. ')}.`)
  }
}
