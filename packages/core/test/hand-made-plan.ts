import { planId } from '../src/plan/build-plan.ts'
import type { Operation } from '../src/plan/operation.ts'
import type { Plan } from '../src/plan/plan.ts'

/** A plan around operations that a test writes by hand. */
export function handMadePlan(operations: readonly Operation[]): Plan {
  const plan: Plan = {
    version: 1,
    id: '',
    account: '123456789012',
    partition: 'aws',
    region: 'eu-west-1',
    name: 'ml-platform',
    prune: false,
    snapshot: { takenAt: '2026-11-24T00:00:00.000Z', fingerprint: {} },
    target: { servers: [], principals: [], roles: [], policies: [], attachments: [], access: [] },
    operations,
    findings: [],
    totals: { adds: operations.length, changes: 0, removes: 0, deletes: 0 },
  }
  return { ...plan, id: planId(plan) }
}

export function policyArn(name: string): string {
  return `arn:aws:iam::123456789012:policy/mlflow-iam/ml-platform/${name}`
}

/** One operation, with a sentence and an inverse that do not matter. */
export function step(
  id: string,
  request: Pick<Operation, 'action' | 'input'>,
  more: Partial<Pick<Operation, 'risk' | 'narrows' | 'inverse'>> = {},
): Operation {
  return { id, because: 'A test needs it.', risk: 'adds', inverse: [], ...request, ...more } as Operation
}

export const create = (id: string, name: string): Operation =>
  step(id, {
    action: 'CreatePolicy',
    input: { PolicyName: name, Path: '/mlflow-iam/ml-platform/', PolicyDocument: '{}' },
  })

export const attach = (id: string, user: string, policy: string): Operation =>
  step(id, { action: 'AttachUserPolicy', input: { UserName: user, PolicyArn: policyArn(policy) } })

export const detach = (id: string, user: string, policy: string): Operation =>
  step(
    id,
    { action: 'DetachUserPolicy', input: { UserName: user, PolicyArn: policyArn(policy) } },
    { risk: 'removes' },
  )

export const newVersion = (id: string, policy: string, narrows = false): Operation =>
  step(
    id,
    {
      action: 'CreatePolicyVersion',
      input: { PolicyArn: policyArn(policy), PolicyDocument: '{}', SetAsDefault: true },
    },
    { risk: 'changes', ...(narrows ? { narrows: true as const } : {}) },
  )

export const remove = (id: string, policy: string): Operation =>
  step(id, { action: 'DeletePolicy', input: { PolicyArn: policyArn(policy) } }, { risk: 'removes' })
