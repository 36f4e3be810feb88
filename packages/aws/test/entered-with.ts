import { createSandbox, type Sandbox, type SandboxState } from '@mlflow-iam/sandbox'

/** The account, entered by a role that holds one policy and enforces it. */
export function enteredWith(start: SandboxState, policy: object): Sandbox {
  const [pattern] = createSandbox().state.roles
  if (pattern === undefined) throw new Error('the seeded account has roles')
  const runner = {
    ...pattern,
    name: 'runner',
    path: '/',
    id: 'AROARUNNERRUNNERRUNNE',
    arn: `arn:aws:iam::${start.account}:role/runner`,
    attached: [],
    inline: [{ name: 'rights', document: JSON.stringify(policy) }],
  }
  return createSandbox({
    state: {
      ...start,
      roles: [...start.roles, runner],
      caller: { arn: `arn:aws:sts::${start.account}:assumed-role/runner/test`, userId: 'AROARUNNER:test' },
      authorization: 'policies',
    },
  })
}
