/** What is wrong with one value, without its place: `what` follows the key (`account: "12" is no account id.`). */
export interface Complaint {
  readonly what: string
  readonly why: string
  readonly fix: string
}

/** A rule for one piece of text, and the part of it that JSON Schema can say to an editor. */
export interface TextRule {
  readonly complain: (text: string) => Complaint | undefined
  readonly keywords: TextKeywords
}

export interface TextKeywords {
  readonly title?: string
  readonly description?: string
  readonly pattern?: string
  readonly enum?: readonly string[]
  readonly anyOf?: readonly TextKeywords[]
  readonly maxLength?: number
  readonly examples?: readonly string[]
}

/** A value as messages show it: quoted, short, and with nothing in it that a terminal or a reader could trip over. */
export function showText(text: string, longest = 60): string {
  const short = text.length > longest ? `${text.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')}...` : text
  return `"${printable(short).replace(/"/g, '\\"')}"`
}

/** The text with every character named that a terminal or a reader could trip over. */
export function printable(text: string): string {
  return text.replace(unsafe, showCharacter)
}

/** One character by its number, `U+0007`, with a name where it has a common one. */
export function showCharacter(character: string): string {
  const point = character.codePointAt(0) ?? 0
  return `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
}

/** Control characters, halves of surrogate pairs, and marks that reorder or hide text on screen. */
const unsafe =
  /[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

interface Shape {
  /** What the text is, with its article: `a role name`. */
  readonly noun: string
  /** The same for many: `role names`. */
  readonly nouns: string
  /** Whose limits these are: `IAM`, `SageMaker`, `a grants file`. */
  readonly where: string
  readonly max: number
  readonly pattern: RegExp
  /** What the pattern allows, in words. */
  readonly allowed: string
  /** Characters outside this class are named in the message. */
  readonly foreign: RegExp
  readonly title: string
  readonly description: string
  readonly examples: readonly string[]
}

/** A rule for names: not empty, not too long, of certain characters. */
export function shapedText(shape: Shape): TextRule {
  return {
    complain(text) {
      if (text === '')
        return {
          what: 'It is empty.',
          why: `In ${shape.where}, ${shape.nouns} have at least 1 character.`,
          fix: `Write ${shape.noun}.`,
        }
      if (text.length > shape.max) {
        return {
          what: `${showText(text)} is too long.`,
          why: `In ${shape.where}, ${shape.nouns} have at most ${shape.max} characters, and this one has ${text.length}.`,
          fix: `Shorten it to ${shape.max} characters.`,
        }
      }
      if (shape.pattern.test(text)) return undefined
      const wrong = text.match(shape.foreign)?.[0]
      const because = wrong === undefined ? '' : `, not ${showText(wrong)}`
      return {
        what: `${showText(text)} is not ${shape.noun}.`,
        why: `In ${shape.where}, ${shape.nouns} hold ${shape.allowed}${because}.`,
        fix: `Write it like ${shape.examples.join(' or ')}.`,
      }
    },
    keywords: {
      title: shape.title,
      description: shape.description,
      pattern: shape.pattern.source,
      maxLength: shape.max,
      examples: shape.examples,
    },
  }
}

/** Policy text may hold only U+0020 to U+00FF (IAM's PolicyDocument pattern); names the first character outside. */
export function complainAboutLatin1(text: string): Complaint | undefined {
  const wrong = text.match(/[^\u0020-\u007E\u00A0-\u00FF]/u)?.[0]
  if (wrong === undefined) return undefined
  return {
    what: `${showText(text)} cannot stand in a policy.`,
    why: `IAM policies hold only Latin-1 characters (U+0020 to U+00FF), not ${showText(wrong)} (${showCharacter(wrong)}).`,
    fix: 'Use letters and signs of Latin-1 only.',
  }
}
