import { Box, Text, useCursor } from 'ink'
import { memo, useSyncExternalStore } from 'react'
import { paint, type Theme } from '../ui/theme.ts'
import { drawFrame } from './draw.ts'
import type { Store } from './store.ts'

/** The window: one text for each line, so that only changed lines are laid out and sent again. */
export function App({ store, theme }: { readonly store: Store; readonly theme: Theme }) {
  const model = useSyncExternalStore(store.subscribe, store.model)
  const { setCursorPosition } = useCursor()
  const frame = drawFrame(model)
  setCursorPosition(frame.cursor ? { x: frame.cursor.x, y: frame.cursor.y } : undefined)
  return (
    <Box flexDirection="column">
      {frame.lines.map((line, index) => (
        <Row key={index} text={paint(line, theme)} />
      ))}
    </Box>
  )
}

const Row = memo(function Row({ text }: { readonly text: string }) {
  return <Text wrap="truncate">{text === '' ? ' ' : text}</Text>
})
