import { newAccount } from '../account/empty-account.ts'
import type { SandboxState } from '../account/state.ts'
import { addTeamCenter } from './team-center.ts'
import { account } from './team-facts.ts'
import { addTeamIam } from './team-iam.ts'
import { addTeamSageMaker } from './team-sagemaker.ts'

/**
 * The believable team that every fresh sandbox starts with: three tracking servers, one App, 12 users, 6 groups,
 * 131 Studio profiles over 40 execution roles, 27 permission sets, and old policies that give access of their own.
 */
export function seedTeam(): SandboxState {
  const state = newAccount(account, 'aws')
  state.alias = 'ml-sandbox'
  addTeamIam(state)
  addTeamSageMaker(state)
  addTeamCenter(state)
  const admin = state.roles.find((role) => role.name === 'Admin')
  if (admin !== undefined) state.caller.userId = `${admin.id}:ana`
  return state
}
