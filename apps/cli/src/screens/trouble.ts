import { exitCodes } from '@mlflow-iam/core/problem'
import type { KeyHint } from '../ui/frame.ts'
import { type Line, span } from '../ui/line.ts'
import { wrap } from '../ui/text.ts'
import type { Notice } from '../wizard/model.ts'
import { blank, text } from './rows.ts'

/** What, why, fix as lines of a screen; nothing of them is cut, for the end of a line may be the name that matters. */
export function noticeLines(
  { what, why, fix }: { what: string; why: string; fix: readonly string[] },
  columns = 80,
): readonly Line[] {
  const part = (label: string, words: string) =>
    wrap(words, columns - 12).map((each, index) => text(`${index === 0 ? label : '       '}${each}`))
  return [
    ...wrap(what, columns - 5).map((each) => text(span(each, 'warn'))),
    ...part('  why  ', why),
    ...[...new Set(fix)].flatMap((each, index) => part(index === 0 ? '  fix  ' : '       ', each)),
  ]
}

/** The same, and the keys that go on from there: `again` says what `r` does. */
export function troubleLines(notice: Notice, columns: number, again: string): readonly Line[] {
  const signIn = isSignIn(notice) ? 'L signs in; ' : ''
  return [...noticeLines(notice, columns), blank, text(`${signIn}r ${again}; the draft is kept.`)]
}

/** The keys while it could not be read. */
export function troubleKeys(notice: Notice, again: string): readonly KeyHint[] {
  return [
    { keys: '?', does: 'help' },
    ...(isSignIn(notice) ? [{ keys: 'L', does: 'sign in' }] : []),
    { keys: 'r', does: again },
    { keys: 'esc', does: 'back' },
    { keys: 'q', does: 'quit' },
  ]
}

function isSignIn({ exit }: Notice): boolean {
  return exit === exitCodes.notSignedIn
}
