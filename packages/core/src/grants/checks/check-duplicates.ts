import { showText } from '../complaint.ts'
import { type Path, type Report, textsOf } from './loose.ts'

/** A list names nothing twice; `same` tells which spellings mean the same. */
export function checkDuplicates(
  value: unknown,
  path: Path,
  report: Report,
  same: (text: string) => string = (text) => text,
): void {
  const seen = new Map<string, string>()
  for (const item of textsOf(value, path)) {
    const key = same(item.text)
    const earlier = seen.get(key)
    if (earlier === undefined) {
      seen.set(key, item.text)
      continue
    }
    report(item.path, {
      what: `${showText(item.text)} stands here twice.`,
      why:
        earlier === item.text
          ? 'Once is enough, and a repeated entry is often a typo.'
          : `It means the same as ${showText(earlier)}.`,
      fix: 'Delete one of them.',
    })
  }
}
