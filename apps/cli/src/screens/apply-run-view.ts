import { awsCommand } from '@mlflow-iam/core/export/aws-command'
import { type Area, bodyHeight, type View } from '../ui/frame.ts'
import { column, type Line, line, span, spread } from '../ui/line.ts'
import { windowOf } from '../ui/scroll.ts'
import { count, wrap } from '../ui/text.ts'
import { loaded, type Model, placeOf } from '../wizard/model.ts'
import { holderOf, objectOf } from '../wizard/plan-facts.ts'
import { doneOf, hasFailed, leftOut, type StartedRun, type Task, taskGroups } from '../wizard/run.ts'
import { blank, text } from './rows.ts'

/** The run as it goes on: groups with counts, what is waited for, and how it ended. */
export function runView(model: Model, area: Area): View {
  const { run } = model
  if (run.state === 'idle') return { body: [] }
  const compact = area.layout === 'compact'
  const width = area.columns - 1
  const plan = loaded(model.plan)?.plan
  const finished = doneOf(run)
  const done = { running: 'Applying', stopping: 'Stopping safely:', finished: 'Applied', failed: 'Stopped:' }
  const undone = { ...done, running: 'Taking back by', finished: 'Taken back by' }
  const words = (run.undoing ? undone : done)[run.state]
  const head: Line[] = [
    ...(compact ? [] : [blank]),
    spread(
      [
        '   ',
        span(
          plan && !run.undoing
            ? `${words} plan ${plan.id}`
            : run.undoing
              ? `${words} journal`
              : words.replace(/:$/, ''),
          'bold',
        ),
      ],
      [`${finished} of ${run.tasks.length} ${area.glyphs.dot} ${run.seconds} s elapsed`],
      width,
    ),
    ...(compact ? [] : [blank]),
  ]
  const room = bodyHeight(area, 2) - head.length
  // A group, the row in it that failed, and how many more there are.
  const least = hasFailed(run) ? 3 : 2
  const end = endLines(model, run, area, room - least)
  const height = Math.max(least, room - end.length)
  const all = groupLines(run, area)
  const { row } = placeOf(model)
  const shown = windowOf(all.length, Math.min(row, all.length - 1), 0, height)
  const body = all.slice(shown.start, shown.end)
  const more = shown.below > 0 ? [text(`${area.glyphs.down} ${shown.below} more`)] : []
  return {
    body: [...head, ...body, ...more, ...end],
    strip: {
      title: 'Last command',
      lines: [
        line(
          `   ${run.last ? (awsCommand(run.last).split('\n')[0] ?? '').replace(/ \\$/, '') + restOf(awsCommand(run.last)) : ''}`,
        ),
        line(`   ${run.journal ? `Journal ${run.journal} lets you resume or roll back.` : ''}`),
      ],
    },
    cursor: { row: head.length, column: 1 },
  }
}

/** The following lines of a command, joined, without documents. */
function restOf(command: string): string {
  const rest = command
    .split('\n')
    .slice(1)
    .map((each) => each.trim().replace(/ \\$/, ''))
    .filter((each) => each.startsWith('--') && !each.includes('document'))
  return rest.length > 0 ? ` ${rest.join(' ')}` : ''
}

/** Finished groups fold to one line; failures never do. */
function groupLines(run: StartedRun, area: Area): readonly Line[] {
  const { glyphs } = area
  const lines: Line[] = []
  const hasTrouble = ({ tasks }: { readonly tasks: readonly Task[] }) =>
    tasks.some((task) => ['failed', 'unknown'].includes(task.state))
  const groups = taskGroups(run.tasks)
  // Once it has stopped, what failed leads: it must not stand below the end of a small window.
  const ordered =
    run.state === 'failed'
      ? [...groups.filter(hasTrouble), ...groups.filter((each) => !hasTrouble(each))]
      : groups
  for (const { title, tasks } of ordered) {
    const done = tasks.filter((task) => task.state === 'done').length
    const failed = hasTrouble({ tasks })
    const started = tasks.some((task) => task.state !== 'waiting')
    const whole = done === tasks.length
    const mark = whole ? glyphs.yes : failed ? glyphs.no : started ? glyphs.open : glyphs.none
    const hint = !started && title === 'Removals' ? '     last, so nobody loses access early' : ''
    lines.push(
      text(
        span(`${mark} `, failed ? 'danger' : whole ? 'ok' : 'plain'),
        column(title, 18),
        `${done} of ${tasks.length}${hint}`,
      ),
    )
    if (whole || !started) continue
    const rank = (task: Task) =>
      ['failed', 'unknown', 'throttled', 'sending', 'skipped', 'waiting', 'done'].indexOf(task.state)
    lines.push(...[...tasks].sort((a, b) => rank(a) - rank(b)).map((task) => taskLine(task, area)))
  }
  return lines
}

function taskLine(task: Task, area: Area): Line {
  const { glyphs } = area
  const marks = {
    waiting: glyphs.none,
    sending: glyphs.busy,
    throttled: '!',
    done: glyphs.yes,
    failed: glyphs.no,
    skipped: '-',
    unknown: '?',
  }
  const bad = task.state === 'failed' || task.state === 'unknown'
  const holder = holderOf(task.operation)
  const object = objectOf(task.operation)
  return text(
    span(`    ${marks[task.state]} `, bad ? 'danger' : task.state === 'throttled' ? 'warn' : 'plain'),
    column(holder || object, area.layout === 'compact' ? 16 : 20, 'plain', glyphs.more),
    ' ',
    ...(area.layout === 'compact'
      ? []
      : [column(holder && holder !== object ? object : '', 26, 'plain', glyphs.more), ' ']),
    task.state === 'waiting' ? 'waiting' : task.note,
  )
}

/** Why a run without a failure is not whole: something was left out of it, or it was stopped. */
function stopped(run: StartedRun) {
  const skipped = run.tasks.filter(({ state }) => state === 'skipped').length
  if (leftOut(run).length === 0)
    return { what: 'It stopped before the end.', why: 'It was asked to.', fix: [] }
  return {
    what: `${count(skipped, 'change')} left out, the rest is done.`,
    why: 'It failed, or needs what failed; x went on without it.',
    fix: ['r tries what is left out again; U rolls back what is done.'],
  }
}

/** How it ended and what to do now, in at most so many lines; enter has what is left out. */
function endLines(model: Model, run: StartedRun, area: Area, room: number): readonly Line[] {
  if (run.state === 'failed') return failedLines(run, area, room)
  if (run.state === 'finished' && run.undoing) {
    const words = `${area.glyphs.yes} ${count(doneOf(run), 'change')} taken back in ${run.seconds} s. enter goes back to the preview.`
    return [blank, text(span(words, 'ok'))]
  }
  if (run.state === 'finished') {
    return [
      blank,
      text(
        span(
          `${area.glyphs.yes} ${count(doneOf(run), 'change')} done in ${run.seconds} s. enter checks that AWS agrees.`,
          'ok',
        ),
      ),
    ]
  }
  if (run.said) return [blank, text(span(run.said, 'warn'))]
  return model.run.state === 'stopping'
    ? [blank, text('Calls in flight are finished; no new ones start.')]
    : []
}

/** What failed, why and what to do. A long reason gives way to the rest. */
function failedLines(run: StartedRun, area: Area, room: number): readonly Line[] {
  const { what, why, fix } = run.failure ?? stopped(run)
  const compact = area.layout === 'compact'
  const part = (label: string, words: string) =>
    wrap(words, area.columns - 14).map((each, index) => text(index === 0 ? label : '       ', each))
  const before = [
    ...(compact ? [] : [blank]),
    ...wrap(what, area.columns - 6).map((each) => text(span(each, 'danger'))),
  ]
  const after = [
    ...fix
      .slice(0, compact ? 1 : 2)
      .flatMap((each, index) => part(index === 0 ? '  fix  ' : '       ', each)),
    text(
      `${doneOf(run)} of ${run.tasks.length} done stay done${run.rolledBack ? ', and were taken back' : ''}.`,
    ),
  ]
  const reason = part('  why  ', why)
  const left = Math.max(1, room - before.length - after.length)
  const cut = [...reason.slice(0, left - 1), text(`       ${area.glyphs.more} enter has all of it`)]
  return [...before, ...(reason.length <= left ? reason : cut), ...after]
}
