import { showText } from '../complaint.ts'
import { checkDuplicates } from './check-duplicates.ts'
import { complainAboutHome, complainAboutRegion, type Home } from './check-home.ts'
import { mapOf, type Report, textOf, textsOf } from './loose.ts'

/** `split`, `adopt` and `accounts`: roles, policies and accounts that are there, each meant once. */
export function checkRealAccount(data: Readonly<Record<string, unknown>>, home: Home, report: Report): void {
  checkSplit(data.split, report)
  checkDuplicates(data.adopt, ['adopt'], report)
  for (const { text, path } of textsOf(data.adopt, ['adopt'])) {
    // The ARN of the policy, or of who has it inline.
    const arn = /^(?:inline:[^/:]*@)?(arn:.*)$/u.exec(text)?.[1]
    const complaint = arn === undefined ? undefined : complainAboutHome(arn, home, true)
    if (complaint) report(path, complaint)
  }
  checkAccounts(data, home, report)
}

/** Two profiles that share a new role would not be split. */
function checkSplit(split: unknown, report: Report): void {
  const taken = new Map<string, string>()
  for (const [profile, value] of Object.entries(mapOf(split))) {
    const role = textOf(mapOf(value).role)
    if (role === undefined) continue
    const other = taken.get(role.toLowerCase())
    if (other !== undefined) {
      report(['split', profile, 'role'], {
        what: `${showText(role)} is the role of ${showText(other)} already.`,
        why: 'Profiles that share a role are not split; names of roles are unique whatever their case.',
        fix: 'Give each profile a role of its own.',
      })
    }
    taken.set(role.toLowerCase(), profile)
  }
}

function checkAccounts(data: Readonly<Record<string, unknown>>, home: Home, report: Report): void {
  const accounts = Object.entries(mapOf(data.accounts))
  if (accounts.length === 0) return
  if ('account' in data) {
    report(
      ['accounts'],
      {
        what: 'accounts stands beside account.',
        why: 'A file is for one account or for those of a list.',
        fix: 'Delete account: the list names each one.',
      },
      'key',
    )
  }
  for (const [account, value] of accounts) {
    const complaint = complainAboutRegion(textOf(mapOf(value).region), home)
    if (complaint) report(['accounts', account, 'region'], complaint)
  }
}
