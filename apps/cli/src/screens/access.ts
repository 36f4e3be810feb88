import type { Screen } from './screen.ts'

export const accessScreen: Screen = {
  id: 'access',
  title: 'Access',
  onKey: () => undefined,
  view: () => ({ body: [] }),
  footer: () => [{ keys: '?', does: 'help' }],
  help: [],
}
