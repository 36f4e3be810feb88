/** True where line prompts were asked for, or where nothing may be drawn over. */
export function wantsPlain(env: Readonly<Record<string, string | undefined>>): boolean {
  return isAccessible(env) || env.TERM === 'dumb'
}

function isAccessible(env: Readonly<Record<string, string | undefined>>): boolean {
  const { ACCESSIBLE } = env
  return ACCESSIBLE !== undefined && !['', '0', 'false'].includes(ACCESSIBLE)
}
