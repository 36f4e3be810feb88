import type { Area } from '../ui/frame.ts'
import { loaded, type Model } from '../wizard/model.ts'

/** Account, region and identity: repeated wherever applying is one key away. */
export function targetWords(model: Model, area: Area): string {
  const identity = loaded(model.identity)
  if (!identity) return 'Target: not signed in'
  const dot = area.glyphs.dot
  const name = identity.alias ? `${identity.alias} ${identity.account}` : identity.account
  const who = identity.arn.replace(/^.*:(assumed-role\/)?/, '')
  return `Target: ${name} ${dot} ${model.edit.region ?? identity.region} ${dot} as ${who}`
}
