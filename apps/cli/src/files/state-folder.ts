import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** Where drafts and the sandbox live: `$XDG_STATE_HOME/mlflow-iam`. A relative XDG_STATE_HOME counts as unset. */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  const asked = env.XDG_STATE_HOME
  const parent = asked !== undefined && isAbsolute(asked) ? asked : join(homedir(), '.local', 'state')
  return join(parent, 'mlflow-iam')
}
