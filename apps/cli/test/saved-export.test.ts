import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportFormats } from '@mlflow-iam/core/export/exporter'
import { expect, test } from 'vitest'
import { grantsText, openPlace } from './run-program.ts'

test('a saved plan is exported without account or sign-in, as with one; only the report wants to see it', async () => {
  const place = openPlace()
  const grants = grantsText('  - { to: user/ana, persona: viewer, on: ml-dev }\n')
  writeFileSync(join(place.folder, 'grants.yaml'), grants)
  const planned = await place.run('plan', '-f', 'grants.yaml', '--sandbox', '-o', 'plan.json')
  expect(planned).toMatchObject({ exit: 0 })
  const nowhere = { env: { AWS_EC2_METADATA_DISABLED: 'true', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' } }
  const wanted = ['export', 'plan.json', '--with-readme', '--format'] as const
  for (const format of Object.keys(exportFormats)) {
    const alone = await place.runWith(nowhere, ...wanted, format, '-o', `${format}-alone`)
    expect(alone).toMatchObject({ exit: 0 })
    await place.run(...wanted, format, '-o', `${format}-seen`, '--sandbox')
    for (const path of alone.out.trim().split('\n')) {
      const seen = path.replace(`${format}-alone`, `${format}-seen`)
      expect(readFileSync(join(place.folder, path), 'utf8')).toBe(
        readFileSync(join(place.folder, seen), 'utf8'),
      )
    }
  }
  const report = await place.runWith(nowhere, ...wanted, 'shell', '-o', 'reported', '--with-report')
  expect(report.exit).toBe(5)
})
