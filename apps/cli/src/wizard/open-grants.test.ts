import { expect, test } from 'vitest'
import { editOfDraft } from './open-grants.ts'

test('a draft opens in the middle of a change, where two grants still share the name of a policy', () => {
  const text = `version: 1
name: team
servers: { ml-dev: {} }
grants:
  - { to: user/ana, persona: viewer, policy-name: MLflowPolicy }
  - { to: user/ben, persona: auditor, policy-name: MLflowPolicy }
`
  const { cells } = editOfDraft('team', text, undefined)
  expect(cells['user/ben']?.['ml-dev']).toMatchObject([{ personas: ['auditor'], policyName: 'MLflowPolicy' }])
})
