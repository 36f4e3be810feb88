import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import { emptyAccount } from '@mlflow-iam/sandbox/account/empty-account'
import {
  accountFile,
  type EmbeddedAccount,
  embeddedAccounts,
  findEmbeddedAccount,
} from '@mlflow-iam/sandbox/accounts'
import type { OpenAccount } from '@mlflow-iam/sandbox/route-accounts'
import { openSandboxFile, type SandboxOnFile } from '@mlflow-iam/sandbox/sandbox-file'
import { writeStateFile } from '@mlflow-iam/sandbox/state-file'
import { stateFolder } from '../files/state-folder.ts'

/** Where the embedded account of `--sandbox` is kept between runs; the others lie beside it. */
export function sandboxPath(): string {
  return join(stateFolder(), 'sandbox.json')
}

/**
 * Opens the embedded account that a profile picks; the first use seeds it. Every write is kept at once, so a killed
 * run loses nothing. A profile that there is not is exit 3.
 */
export function openSandbox(path: string = sandboxPath(), profile?: string): Promise<SandboxOnFile> {
  return openEmbedded(path, embeddedOf(profile))
}

/** Every embedded account, the first one first. */
export async function openSandboxes(path: string): Promise<readonly [OpenAccount, ...OpenAccount[]]> {
  const open = async (embedded: EmbeddedAccount) => ({
    embedded,
    sandbox: await openEmbedded(path, embedded),
  })
  const [first, ...others] = embeddedAccounts
  return [await open(first), ...(await Promise.all(others.map(open)))]
}

/** Starts over: as seeded, or accounts that hold nothing. Only those that profiles pick, where some are given. */
export async function resetSandbox(
  path: string,
  empty: boolean,
  profiles: readonly string[] = [],
): Promise<void> {
  const chosen = profiles.length === 0 ? embeddedAccounts : profiles.map(embeddedOf)
  for (const embedded of chosen) {
    const file = accountFile(path, embedded)
    if (empty) await writeStateFile(file, emptyAccount(embedded.account))
    else rmSync(file, { force: true })
  }
  if (!empty) await (await openSandbox(path, profiles[0])).save()
}

function openEmbedded(path: string, embedded: EmbeddedAccount): Promise<SandboxOnFile> {
  return openSandboxFile(accountFile(path, embedded), { seed: embedded.seed })
}

function embeddedOf(profile: string | undefined): EmbeddedAccount {
  const found = findEmbeddedAccount(profile)
  if (found) return found
  const known = embeddedAccounts.map(({ profiles: [name], account }) => `${name} (${account})`)
  throw new Problem('UNKNOWN_PROFILE', `The sandbox has no profile ${JSON.stringify(profile)}.`, {
    why: `Its accounts are ${known.join(' and ')}.`,
    fix: [`Use --profile ${embeddedAccounts.at(-1)?.profiles[0]}, or none.`],
    exit: exitCodes.badInput,
  })
}
