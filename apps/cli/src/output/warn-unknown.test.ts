import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { expect, test } from 'vitest'
import { warnUnknown } from './warn-unknown.ts'

const why = 'No policy of arn:aws:iam::123456789012:user/ana allows it.'
const unknown = [
  { part: 'managed-policies', action: 'iam:GetPolicy', why },
  { part: 'servers', action: 'sagemaker:ListMlflowTrackingServers', why },
]

function warned(errorWidth: number): readonly string[] {
  const notes: string[] = []
  // A warning looks at nothing of a snapshot but what is unknown.
  warnUnknown({ unknown } as Partial<Snapshot> as Snapshot, { note: (text) => notes.push(text), errorWidth })
  return notes
}

test('a part that could not be read is named with what follows from that, and fits the terminal', () => {
  const [managed, servers] = warned(Number.POSITIVE_INFINITY)
  expect(managed).toBe(
    `warning: managed-policies unknown; what AWS-managed policies give stays unknown. iam:GetPolicy: ${why}`,
  )
  expect(servers).toBe(`warning: servers unknown. sagemaker:ListMlflowTrackingServers: ${why}`)
  const lines = warned(80).flatMap((text) => text.split('\n'))
  expect(lines.filter((line) => line.length > 80)).toEqual([])
})
