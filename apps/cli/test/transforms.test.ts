import { expect, test } from 'vitest'
import { mayBeEmoji } from '../build-transforms.mjs'

test('no emoji is missed by the cheap check that stands before the exact one', () => {
  // biome-ignore lint/complexity/useRegexLiterals: the compiler's target knows no v flag
  const exact = new RegExp('^\\p{RGI_Emoji}$', 'v')
  const missed: string[] = []
  for (let code = 0; code <= 0x10_ff_ff; code += 1) {
    if (code >= 0xd8_00 && code <= 0xdf_ff) continue
    const text = String.fromCodePoint(code)
    if (exact.test(text) && !mayBeEmoji.test(text)) missed.push(code.toString(16))
  }
  expect(missed).toEqual([])
  for (const sequence of ['1️⃣', '#️⃣', '🇩🇪', '👍🏽', '👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '❤️‍🔥', '☺️']) {
    expect([sequence, exact.test(sequence), mayBeEmoji.test(sequence)]).toEqual([sequence, true, true])
  }
})
