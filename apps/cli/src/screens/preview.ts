import type { Screen } from './screen.ts'

export const previewScreen: Screen = {
  id: 'preview',
  title: 'Preview',
  onKey: () => undefined,
  view: () => ({ body: [] }),
  footer: () => [{ keys: '?', does: 'help' }],
  help: [],
}
