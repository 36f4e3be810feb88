import { showText } from '../complaint.ts'
import { bareAction } from '../rules/choices.ts'
import { checkDuplicates } from './check-duplicates.ts'
import { type Path, type Report, textsOf } from './loose.ts'

/** No action stands twice in `add` or `remove`, and none in both. */
export function checkActions(holder: Readonly<Record<string, unknown>>, path: Path, report: Report): void {
  checkDuplicates(holder.add, [...path, 'add'], report, bareAction)
  checkDuplicates(holder.remove, [...path, 'remove'], report, bareAction)
  const added = new Set(textsOf(holder.add, []).map((item) => bareAction(item.text)))
  for (const item of textsOf(holder.remove, [...path, 'remove'])) {
    if (!added.has(bareAction(item.text))) continue
    report(item.path, {
      what: `${showText(item.text)} is in add and in remove.`,
      why: 'The same action cannot be given and taken in one place.',
      fix: 'Delete it from one of them.',
    })
  }
}
