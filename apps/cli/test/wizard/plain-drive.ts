import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSandbox } from '@mlflow-iam/sandbox'
import { onTestFinished } from 'vitest'
import { type Asker, Leaving } from '../../src/plain/asker.ts'
import { runPlain } from '../../src/plain/run-plain.ts'
import type { WizardAccount } from '../../src/wizard/account.ts'
import { openDrafts } from '../../src/wizard/drafts.ts'
import type { Model } from '../../src/wizard/model.ts'
import { sandboxAccount } from './drive.ts'

/** Answers in order; what is said is kept. The input ends after the last answer. */
function scripted(answers: readonly string[]) {
  const said: string[] = []
  const left = [...answers]
  const asker: Asker = {
    async ask(question) {
      said.push(question)
      const answer = left.shift()
      if (answer === undefined) throw new Leaving('end')
      said.push(`> ${answer}`)
      return answer
    },
    say: (text) => void said.push(text),
    interrupt() {},
    close() {},
  }
  return { asker, said, left }
}

/** The whole of plain mode on a sandbox: what it said, and the answers that it did not ask for. */
export async function plain(
  answers: readonly string[],
  sandbox = createSandbox(),
  at?: string,
  more: {
    readonly from?: Model
    readonly resume?: string
    readonly file?: string
    readonly wrap?: (account: WizardAccount) => WizardAccount
  } = {},
) {
  const folder = at ?? (await mkdtemp(join(tmpdir(), 'mlflow-iam-plain-')))
  if (at === undefined) onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const { asker, said, left } = scripted(answers)
  const drafts = openDrafts(join(folder, 'drafts'))
  const code = await runPlain({
    account: (more.wrap ?? ((same) => same))(sandboxAccount(sandbox, folder)),
    flags: {
      ...(more.resume === undefined ? {} : { resume: more.resume }),
      ...(more.file === undefined ? {} : { file: more.file }),
    },
    ...(more.from ? { from: more.from } : {}),
    io: { stdin: process.stdin, stdout: process.stdout, env: {} },
    state: { drafts, asker, folder },
    toolVersion: '0.0.0',
  })
  return { code, said: said.join('\n'), left, folder, sandbox }
}

/** A draft without its first line, which says where the person was. */
export async function draftText(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'drafts', 'ml-platform.yaml'), 'utf8')
  return text.slice(text.indexOf('\n') + 1)
}
