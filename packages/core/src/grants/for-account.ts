import { exitCodes, Problem } from '../problem.ts'
import type { GrantsFile } from './grants-file.ts'

/**
 * A file for several accounts as it speaks of one of them: its own Region, and no list. A file that lists none is
 * given back as it is. An account that is not listed is exit 3.
 */
export function grantsForAccount(file: GrantsFile, account: string): GrantsFile {
  if (file.accounts.length === 0) return file
  const entry = file.accounts.find((each) => each.account === account)
  if (entry === undefined) {
    const listed = file.accounts.map(({ account: id, profile }) => `${id} (${profile})`).join(', ')
    throw new Problem('WRONG_ACCOUNT', `This is account ${account}, which the grants file does not list.`, {
      why: `It lists ${listed}.`,
      fix: [`Use a profile of one of them, or add "${account}" to accounts.`],
      exit: exitCodes.badInput,
    })
  }
  const region = entry.region ?? file.region
  return { ...file, account, accounts: [], ...(region === undefined ? {} : { region }) }
}
