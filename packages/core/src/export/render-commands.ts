import type { Operation } from '../plan/operation.ts'
import type { Plan } from '../plan/plan.ts'
import { isFromAnswer } from './aws-arguments.ts'
import { answerVariable, awsCommand } from './aws-command.ts'
import { oneLine } from './shell-quote.ts'

/** Every AWS CLI call of the plan, complete and in order, as text that bash runs unchanged. */
export function renderCommands(plan: Plan): string {
  const wanted = answersUsed(plan.operations)
  const steps = plan.operations.map((operation, index) => {
    const reason = `# ${index + 1} of ${plan.operations.length}: ${oneLine(operation.because)}`
    return `${reason}\n${withAnswers(operation, wanted, plan.region)}\n`
  })
  const calls = plan.operations.length === 1 ? '1 call' : `${plan.operations.length} calls`
  const head = [
    'aws sts get-caller-identity',
    `# Go on only if "Account" is ${oneLine(plan.account)}.`,
    steps.length === 0
      ? '# Nothing to change: the account is as the grants file says.'
      : `# Plan ${oneLine(plan.id)}, ${calls}, in this order.`,
  ]
  return [`${head.join('\n')}\n`, ...steps].join('\n')
}

/** The answers that later operations read: `op-3.PolicyVersion.VersionId`. */
function answersUsed(operations: readonly Operation[]): readonly string[] {
  return operations.flatMap(({ input }) =>
    Object.values(input).flatMap((value) => (isFromAnswer(value) ? [value.$from] : [])),
  )
}

function withAnswers(operation: Operation, wanted: readonly string[], region: string): string {
  const command = awsCommand(operation, region)
  const from = wanted.find((answer) => answer.startsWith(`${operation.id}.`))
  if (from === undefined) return command
  const member = from.slice(operation.id.length + 1)
  if (!/^[A-Za-z.]+$/.test(member)) return command
  return `${answerVariable(from)}=$(${command} \\\n  --query ${member} \\\n  --output text)`
}
