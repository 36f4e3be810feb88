import type { SandboxState } from '@mlflow-iam/sandbox'
import { expect, test } from 'vitest'
import { essence } from './account.ts'
import { type CrashImage, resumeFrom, rollBackFrom, takeCrashImages } from './crash-images.ts'
import { seededRandom } from './instant-time.ts'
import { scenario } from './scenario.ts'

// Taken once: the images of a run at full width.
let taken: ReturnType<typeof takeCrashImages> | undefined

async function imagesOf() {
  const { start, plan } = await scenario()
  taken ??= takeCrashImages(start, plan)
  return { start, plan, ...(await taken) }
}

async function resumed(state: SandboxState, journal: string) {
  const { ok, state: account } = await resumeFrom({ what: '', state, journal })
  return { ok, account: essence(account) }
}

async function rolledBack(state: SandboxState, journal: string) {
  const { ok, state: account } = await rollBackFrom({ what: '', state, journal })
  return { ok, account: essence(account) }
}

/** The image with its last line cut off somewhere. */
function torn(image: CrashImage, random: () => number): CrashImage {
  const lastLine = image.journal.lastIndexOf('\n', image.journal.length - 2) + 1
  const cut = lastLine + Math.floor(random() * (image.journal.length - lastLine))
  return { ...image, what: `${image.what}, journal cut at byte ${cut}`, journal: image.journal.slice(0, cut) }
}

test('a run that dies at any call is resumed to the same end as an undisturbed one', async () => {
  const { plan, images, end } = await imagesOf()
  expect(plan.operations.length).toBeGreaterThanOrEqual(40)
  expect(images).toHaveLength(2 * plan.operations.length)
  for (const image of images) {
    expect(await resumed(image.state, image.journal), image.what).toEqual({ account: essence(end), ok: true })
  }
}, 900_000)

test('a run that dies at any call is rolled back to where it started', async () => {
  const { start, images } = await imagesOf()
  for (const image of images) {
    expect(await rolledBack(image.state, image.journal), image.what).toEqual({
      account: essence(start),
      ok: true,
    })
  }
}, 900_000)

test('a journal that was cut in the middle of its last line is as good as a whole one', async () => {
  const { start, plan } = await scenario()
  const random = seededRandom(7)
  const { images, end } = await takeCrashImages(start, plan, 1)
  // Before a write, the line that was cut is the one that announces it; after, it may be the same line, since
  // the answer has not been written down: both have to come out right.
  const announced = images.filter((image) => image.what.startsWith('before'))
  for (const whole of announced.filter((_, place) => place % 3 === 0)) {
    const image = torn(whole, random)
    expect(await resumed(image.state, image.journal), image.what).toEqual({ account: essence(end), ok: true })
  }
}, 900_000)

test('the journal of a finished run, cut anywhere, resumes to the finished account', async () => {
  const { end, journal } = await imagesOf()
  const header = journal.indexOf('\n') + 1
  const random = seededRandom(11)
  for (let round = 0; round < 12; round += 1) {
    const cut = header + Math.floor(random() * (journal.length - header + 1))
    expect(await resumed(end, journal.slice(0, cut)), `cut at ${cut}`).toEqual({
      account: essence(end),
      ok: true,
    })
  }
}, 900_000)
