import { Box, Text, useCursor } from 'ink'
import { memo } from 'react'
import type { Frame } from '../ui/frame.ts'
import { paint, type Theme } from '../ui/theme.ts'

/** The window: one text for each line, so that only changed lines are laid out and sent again. */
export function Window({ frame, theme }: { readonly frame: Frame; readonly theme: Theme }) {
  const { setCursorPosition } = useCursor()
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
