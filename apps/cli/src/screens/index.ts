import type { ScreenId } from '../wizard/model.ts'
import { stepCount, stepOf } from '../wizard/steps.ts'
import { accessScreen } from './access.ts'
import { accountScreen } from './account.ts'
import { applyScreen } from './apply.ts'
import { peopleScreen } from './people.ts'
import { previewScreen } from './preview.ts'
import { rolesScreen } from './roles.ts'
import type { Screen } from './screen.ts'
import { serversScreen } from './servers.ts'
import { startScreen } from './start.ts'
import { verifyScreen } from './verify.ts'

/** The flow: the steps in order. */
export const screens: readonly Screen[] = [
  startScreen,
  accountScreen,
  rolesScreen,
  serversScreen,
  peopleScreen,
  accessScreen,
  previewScreen,
  applyScreen,
  verifyScreen,
]

/** `Step 6 of 8, Preview.` */
export function stepTitle(id: ScreenId): string {
  return `Step ${stepOf(id)} of ${stepCount}, ${screenOf(id).title}.`
}

export function screenOf(id: ScreenId): Screen {
  return screens.find((screen) => screen.id === id) ?? startScreen
}

/** The step after or before one; none at the ends. */
export function neighbour(id: ScreenId, direction: 1 | -1): Screen | undefined {
  return screens[stepOf(id) + direction]
}
