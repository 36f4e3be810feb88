import { readFileSync } from 'node:fs'
import { runnerPolicy } from '@mlflow-iam/core/export/runner-policy'
import { requestOf } from '@mlflow-iam/core/journal/resolve-values'
import type { Request } from '@mlflow-iam/core/plan/operation'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { createSandbox, type Sandbox, type SandboxState, seedTeam } from '@mlflow-iam/sandbox'
import { expect, test } from 'vitest'
import { answerValues, sendRequest } from '../src/apply/commands.ts'
import type { AwsConnection } from '../src/connection.ts'
import { signIn } from './account.ts'
import { enteredWith } from './entered-with.ts'
import { planFor, scenario } from './scenario.ts'

/** Sends a plan's requests in order, and with `undo` their inverses back again. */
async function sendAll(sandbox: Sandbox, plan: Plan, undo: boolean): Promise<void> {
  const connection = signIn(sandbox.requestHandler)
  const answers = new Map<string, Readonly<Record<string, string>>>()
  const send = async (request: Request) => {
    const answer = await sendRequest(connection, requestOf(request, answers), plan.region)
    if (request.action === 'ProvisionPermissionSet') await carriedOut(connection, request.input, answer)
    return answer
  }
  for (const operation of plan.operations) {
    answers.set(operation.id, answerValues(await send(operation)))
  }
  if (!undo) return
  for (const { inverse } of plan.operations.toReversed()) {
    for (const request of inverse) await send(request)
  }
}

/** Asks how a provisioning goes, as whoever runs a plan must, until it is over. */
async function carriedOut(connection: AwsConnection, input: { InstanceArn: string }, answer: unknown) {
  const { client, api } = await connection.ssoAdmin()
  const request = {
    InstanceArn: input.InstanceArn,
    ProvisionPermissionSetRequestId: answerValues(answer)['PermissionSetProvisioningStatus.RequestId'],
  }
  for (let status: string | undefined = 'IN_PROGRESS'; status === 'IN_PROGRESS'; ) {
    const look = await client.send(new api.DescribePermissionSetProvisioningStatusCommand(request))
    status = look.PermissionSetProvisioningStatus?.Status
    expect(status).not.toBe('FAILED')
  }
}

async function plans(): Promise<{ readonly start: SandboxState; readonly plan: Plan }[]> {
  const example = readFileSync(new URL('../../../examples/team.yaml', import.meta.url), 'utf8')
  const team = createSandbox()
  return [await scenario(), { start: seedTeam(), plan: await planFor(signIn(team.requestHandler), example) }]
}

test('who holds the least policy of a plan can send it, and nothing in that policy is left over', async () => {
  for (const { start, plan } of await plans()) {
    const policy = runnerPolicy(plan)
    const sandbox = enteredWith(start, policy)
    await sendAll(sandbox, plan, false)
    const sent = new Set(sandbox.calls.map(({ action }) => action))
    const granted = [policy.Statement].flat().flatMap(({ Action = [] }) => Action)
    const writes = granted
      .map((action) => action.slice(action.indexOf(':') + 1))
      .filter((action) => !/^(?:Get|List|Describe|TagRole$|TagPolicy$|PassRole$)/.test(action))
    expect(writes.filter((action) => !sent.has(action))).toEqual([])
  }
})

test('with the rights to undo it, a plan can be sent and taken back', async () => {
  for (const { start, plan } of await plans()) {
    await sendAll(enteredWith(start, runnerPolicy(plan, { undo: true })), plan, true)
  }
})

test('without one of its rights a plan is refused on the way', async () => {
  const { start, plan } = await scenario()
  const policy = runnerPolicy(plan)
  for (const missing of ['iam:CreatePolicy', 'iam:AttachUserPolicy', 'iam:DeletePolicyVersion']) {
    const less = JSON.parse(JSON.stringify(policy), (_, value) => (value === missing ? 'iam:GetUser' : value))
    await expect(sendAll(enteredWith(start, less), plan, false)).rejects.toMatchObject({
      name: 'AccessDenied',
    })
  }
})
