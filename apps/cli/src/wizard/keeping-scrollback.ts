/**
 * The same stream, without the sequence that erases what the terminal remembers above the screen: Ink sends it when
 * a window becomes lower than what it drew, and the lines above are not ours.
 */
export function keepingScrollback(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  const write = (chunk: string | Uint8Array, ...rest: unknown[]) =>
    Reflect.apply(stdout.write, stdout, [
      typeof chunk === 'string' ? chunk.replaceAll('\u001b[3J', '') : chunk,
      ...rest,
    ])
  return new Proxy(stdout, {
    get(target, key) {
      if (key === 'write') return write
      const value = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
