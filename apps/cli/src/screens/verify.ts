import type { Screen } from './screen.ts'

export const verifyScreen: Screen = {
  id: 'verify',
  title: 'Verify',
  onKey: () => undefined,
  view: () => ({ body: [] }),
  footer: () => [{ keys: '?', does: 'help' }],
  help: [],
}
