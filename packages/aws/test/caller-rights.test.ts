import { callerRights } from '@mlflow-iam/core/evaluate/caller-rights'
import { runnerPolicy } from '@mlflow-iam/core/export/runner-policy'
import { requestOf } from '@mlflow-iam/core/journal/resolve-values'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { Statement } from '@mlflow-iam/core/policy/document'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyPlan } from '../src/apply/apply-plan.ts'
import { sendRequest } from '../src/apply/commands.ts'
import { needIamOnly } from '../src/observe/needs.ts'
import { observeAccount } from '../src/observe/observe-account.ts'
import { signIn } from './account.ts'
import { enteredWith } from './entered-with.ts'
import { collect, freshFolder, quietly, scenario } from './scenario.ts'

/** What reading the account and waiting for it take; the rest is what a plan writes. */
const reads = { Effect: 'Allow', Action: ['iam:Get*', 'iam:List*'], Resource: '*' } as const

function statementsOf(plan: Plan): readonly Statement[] {
  return [runnerPolicy(plan).Statement].flat()
}

/** The same statements, some actions, resources or conditions gone, some denied besides. */
const weakened = (statements: readonly Statement[]) =>
  fc
    .record({
      kept: fc.subarray(statements.flatMap(({ Action = [] }) => [Action].flat())),
      whole: fc.boolean(),
      condition: fc.constantFrom(
        undefined,
        undefined,
        { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
        { StringEquals: { 'aws:PrincipalTag/team': 'ml' } },
        { StringEquals: { 'iam:PermissionsBoundary': 'arn:aws:iam::123456789012:policy/limit' } },
      ),
      denied: fc.constantFrom([], [], ['iam:Detach*'], ['iam:TagPolicy'], ['iam:CreateRole']),
    })
    .map(({ kept, whole, condition, denied }) => ({
      Version: '2012-10-17',
      Statement: [
        reads,
        ...statements.flatMap((statement) => {
          const Action = [statement.Action ?? []].flat().filter((one) => whole || kept.includes(one))
          return Action.length === 0
            ? []
            : [{ ...statement, Action, ...(condition ? { Condition: condition } : {}) }]
        }),
        ...(denied.length > 0 ? [{ Effect: 'Deny', Action: denied, Resource: '*' }] : []),
      ],
    }))

test('what is said of the rights holds: allowed is let through, and denied is refused', async () => {
  const { start, plan } = await scenario()
  const seen = new Set<string>()
  const enough = { Version: '2012-10-17', Statement: [reads, ...statementsOf(plan)] }
  await fc.assert(
    fc.asyncProperty(weakened(statementsOf(plan)), async (policy: object) => {
      const connection = signIn(enteredWith(start, policy).requestHandler)
      const snapshot = await observeAccount(connection, needIamOnly)
      const { rights } = callerRights(plan, snapshot)
      const denied = rights.filter(({ state }) => state === 'denied')
      if (rights.every(({ state }) => state === 'allowed')) {
        seen.add('allowed')
        const events = await collect(applyPlan(connection, plan, quietly(freshFolder())))
        expect(events.at(-1)).toMatchObject({ event: 'finished', ok: true })
      }
      for (const { action, resource } of denied.slice(0, 3)) {
        seen.add('denied')
        const refused = await refusals(plan, snapshot, action, resource, () => enteredWith(start, policy))
        expect([action, resource, ...new Set(refused)]).toEqual([action, resource, true])
      }
      if (rights.some(({ state }) => state === 'unknown')) seen.add('unknown')
    }),
    { numRuns: 12, seed: 7, examples: [[enough]] },
  )
  expect([...seen].sort()).toEqual(['allowed', 'denied', 'unknown'])
}, 240_000)

/** Sends, each to an account of its own, the requests that need this right: was it refused? */
async function refusals(
  plan: Plan,
  snapshot: Snapshot,
  action: string,
  resource: string,
  enter: () => ReturnType<typeof enteredWith>,
): Promise<readonly boolean[]> {
  const needing = plan.operations.filter((operation) =>
    callerRights({ ...plan, operations: [operation] }, snapshot).rights.some(
      (right) => right.action === action && right.resource === resource && right.state === 'denied',
    ),
  )
  return Promise.all(
    needing.map(async (operation) => {
      const answers = new Map(plan.operations.map(({ id }) => [id, { 'PolicyVersion.VersionId': 'v9' }]))
      try {
        await sendRequest(signIn(enter().requestHandler), requestOf(operation, answers), plan.region)
        return false
      } catch (error) {
        return error instanceof Error && error.name === 'AccessDenied'
      }
    }),
  )
}
