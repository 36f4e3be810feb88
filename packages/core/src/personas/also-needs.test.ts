import { expect, test } from 'vitest'
import { grant, grantsFile, server, user } from '../../test/grants-fixture.ts'
import type { TrackingServerRole } from '../grants/grants-file.ts'
import { assumeAccount } from '../snapshot/assume-account.ts'
import { compileTarget } from '../target/compile-target.ts'
import { alsoNeedsOf } from './also-needs.ts'
import { builtInPersonas } from './built-in.ts'

/** A role to pass. */
const trackingServer: TrackingServerRole = {
  ...{ name: 'mlflow-tracking-server', buckets: [], kms: [], registry: true, existing: false },
  ...{ policy: 'narrow', trust: { sourceAccount: false } },
}
const now = new Date('2026-11-24T12:00:00Z')

test.each(builtInPersonas)(
  'what $name also needs is what its policy holds beside MLflow actions',
  (persona) => {
    const file = grantsFile({
      servers: [server('ml-dev')],
      roles: { 'tracking-server': trackingServer },
      grants: [grant(0, [user('ana')], [persona.name], ['ml-dev'])],
    })
    const { policies, attachments } = compileTarget(file, assumeAccount(file, now), now).target
    const ours = attachments
      .filter(({ principal }) => principal.endsWith('user/ana'))
      .map(({ policy }) => policy)
    const held = policies
      .filter(({ arn }) => ours.includes(arn))
      .flatMap(({ document }) => [document.Statement].flat().flatMap(({ Action }) => Action ?? []))
      .filter((action) => !action.startsWith('sagemaker-mlflow:'))
    expect(alsoNeedsOf(persona)).toEqual([...new Set(held)].sort())
    expect(held.length).toBeGreaterThan(0)
  },
)
