import { useSyncExternalStore } from 'react'
import type { Theme } from '../ui/theme.ts'
import { drawFrame } from './draw.ts'
import type { Store } from './store.ts'
import { Window } from './window.tsx'

/** The newest frame of the wizard. */
export function App({ store, theme }: { readonly store: Store; readonly theme: Theme }) {
  return <Window frame={drawFrame(useSyncExternalStore(store.subscribe, store.model))} theme={theme} />
}
