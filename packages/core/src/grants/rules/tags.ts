import { complainAboutLatin1, showText, type TextRule } from '../complaint.ts'

/** What AWS takes in tag keys and values. */
const tagCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

export const tagKey = tagText('Tag keys', 1, 128)
export const tagValue = tagText('Tag values', 0, 256)

function tagText(nouns: string, min: number, max: number): TextRule {
  return {
    complain(text) {
      if (text.length < min)
        return {
          what: 'A tag key is empty.',
          why: `${nouns} have at least 1 character.`,
          fix: 'Write the key.',
        }
      if (text.length > max) {
        return {
          what: `${showText(text)} is too long.`,
          why: `${nouns} have at most ${max} characters, and this one has ${text.length}.`,
          fix: `Shorten it to ${max} characters.`,
        }
      }
      const latin = complainAboutLatin1(text)
      if (latin || tagCharacters.test(text)) return latin
      const wrong = text.match(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/u)?.[0] ?? ''
      return {
        what: `${showText(text)} cannot be in a tag.`,
        why: `${nouns} hold letters, digits, spaces and _ . : / = + - @, not ${showText(wrong)}.`,
        fix: 'Write it as AWS shows it.',
      }
    },
    // Latin-1 letters only, since tags stand in policy text.
    keywords: {
      pattern: `^[A-Za-z0-9\\u00A0\\u00AA\\u00B2\\u00B3\\u00B5\\u00B9\\u00BA\\u00BC-\\u00BE\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u00FF _.:/=+\\-@]{${min},${max}}$`,
    },
  }
}
