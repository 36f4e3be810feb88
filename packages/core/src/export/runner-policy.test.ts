import fc from 'fast-check'
import { expect, test } from 'vitest'
import { everyAction } from '../../test/plans/every-action.ts'
import { planArbitrary } from '../../test/plans/generate-plan.ts'
import { makePlan } from '../../test/plans/make-plan.ts'
import type { PolicyDocument, Statement } from '../policy/document.ts'
import { runnerPolicy } from './runner-policy.ts'

function statements(document: PolicyDocument): readonly Statement[] {
  return document.Statement as readonly Statement[]
}

function allows(document: PolicyDocument, action: string, resource: string): boolean {
  return statements(document).some(
    ({ Action, Resource }) =>
      (Action as string[]).includes(action) && (Resource as string[]).includes(resource),
  )
}

test('every write of the plan is allowed on its own ARN, and its way back only where asked for', () => {
  fc.assert(
    fc.property(planArbitrary, (plan) => {
      const forth = runnerPolicy(plan)
      const back = runnerPolicy(plan, { undo: true })
      for (const policy of plan.target.policies) {
        expect(allows(forth, 'iam:CreatePolicy', policy.arn)).toBe(true)
        expect(allows(forth, 'iam:DeletePolicy', policy.arn)).toBe(false)
        expect(allows(back, 'iam:DeletePolicy', policy.arn)).toBe(true)
      }
    }),
    { numRuns: 50 },
  )
})

test('only reads stand on every resource', () => {
  for (const runner of ['scripts', 'cloudformation', 'terraform'] as const) {
    for (const { Action, Resource } of statements(runnerPolicy(everyAction, { undo: true, with: runner }))) {
      if (!(Resource as string[]).includes('*')) continue
      for (const action of Action as string[]) expect(action).toMatch(/:(?:Get|List|Describe)/)
    }
  }
})

test('attaching is allowed for exactly the policies of the plan', () => {
  const attaching = statements(runnerPolicy(everyAction)).filter(({ Action }) =>
    [Action].flat().some((action) => /:Attach(?:User|Group|Role)Policy$/.test(String(action))),
  )
  expect(attaching).not.toEqual([])
  for (const { Condition } of attaching) {
    expect(Condition).toEqual({ ArnEquals: { 'iam:PolicyARN': [everyAction.target.policies[0]?.arn] } })
  }
})

test('a plan of nothing needs no rights to change anything', () => {
  expect(statements(runnerPolicy(makePlan([])))).toEqual([
    { Sid: 'Look', Effect: 'Allow', Action: ['sts:GetCallerIdentity'], Resource: ['*'] },
  ])
})
