import type { Screen } from './screen.ts'

export const applyScreen: Screen = {
  id: 'apply',
  title: 'Apply',
  onKey: () => undefined,
  view: () => ({ body: [] }),
  footer: () => [{ keys: '?', does: 'help' }],
  help: [],
}
