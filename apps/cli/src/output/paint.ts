/** Colour by meaning. Every function returns its text unchanged where colour is off. */
export interface Paint {
  readonly strong: (text: string) => string
  readonly dim: (text: string) => string
  readonly accent: (text: string) => string
  readonly adds: (text: string) => string
  readonly changes: (text: string) => string
  readonly removes: (text: string) => string
}

const codes = {
  strong: ['1', '22'],
  dim: ['2', '22'],
  accent: ['1;94', '22;39'],
  adds: ['36', '39'],
  changes: ['33', '39'],
  removes: ['1;31', '22;39'],
} as const

/** The sixteen colours of the user's own theme, or none. */
export function createPaint(on: boolean): Paint {
  const paint = (name: keyof typeof codes) => (text: string) =>
    on && text !== '' ? `\u001b[${codes[name][0]}m${text}\u001b[${codes[name][1]}m` : text
  return {
    strong: paint('strong'),
    dim: paint('dim'),
    accent: paint('accent'),
    adds: paint('adds'),
    changes: paint('changes'),
    removes: paint('removes'),
  }
}

/** `--color` beats NO_COLOR, which beats FORCE_COLOR; otherwise a terminal that is not dumb gets colour. */
export function paintFor(asked: string | undefined, env: NodeJS.ProcessEnv, terminal: boolean): Paint {
  if (asked === 'always') return createPaint(true)
  if (asked === 'never' || env.NO_COLOR) return createPaint(false)
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return createPaint(true)
  return createPaint(terminal && env.TERM !== 'dumb')
}
