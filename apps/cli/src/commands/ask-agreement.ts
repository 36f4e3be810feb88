import { createInterface } from 'node:readline/promises'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { Io } from '../output/io.ts'

export interface Questions {
  /** A question that y or yes answers. */
  readonly yes?: string
  /** The names of accounts that must be typed, one after the other. */
  readonly typed?: readonly string[]
  /** How many policies and roles go, to be typed as `delete N`. */
  readonly deletes?: number
  readonly reasons: readonly string[]
}

/** Asks in the terminal. Anything but the expected answer is a calm no: exit 4. */
export async function askAgreement(
  { yes, typed = [], deletes, reasons }: Questions,
  io: Pick<Io, 'error'>,
): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    for (const reason of reasons) io.error(`  ${reason}`)
    if (yes !== undefined) await expect(lines, `${yes} [y/N] `, (answer) => /^y(es)?$/i.test(answer))
    for (const name of typed) {
      await expect(lines, `Type the account's name, ${name}, to apply: `, (answer) => answer === name)
    }
    if (deletes !== undefined) {
      const wanted = `delete ${deletes}`
      await expect(
        lines,
        `Type "${wanted}" to delete that many policies and roles: `,
        (answer) => answer === wanted,
      )
    }
  } finally {
    lines.close()
  }
}

async function expect(
  lines: ReturnType<typeof createInterface>,
  question: string,
  agrees: (answer: string) => boolean,
): Promise<void> {
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
  const answer = await Promise.race([lines.question(question), closed])
  if (agrees(answer.trim())) return
  throw new Problem('DECLINED', 'Nothing was changed.', {
    why: 'The answer was not the one that agrees.',
    fix: ['Run it again when you are ready.'],
    exit: exitCodes.needsAnswer,
  })
}
