import { screenOf, screens } from '../screens/index.ts'
import type { Frame } from '../ui/frame.ts'
import { areaOf } from './area.ts'
import { drawWindow } from './draw-window.ts'
import type { Model } from './model.ts'
import { overlayFooter, overlayView } from './sheets.ts'

/** The whole window as lines. Pure: the same model always draws the same frame. */
export function drawFrame(model: Model): Frame {
  const screen = screenOf(model.screen)
  const { overlay } = model
  const sheet = overlay && {
    view: overlayView(model, overlay, areaOf(model), screen.title, screen.help),
    footer: overlayFooter(overlay, model.ascii),
  }
  return drawWindow(model, screen, screens.slice(1), sheet)
}
