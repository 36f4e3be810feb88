/** What a value read from a file must look like at least; members that are not named are not looked at. */
export type Shape =
  | 'text'
  | 'number'
  | 'boolean'
  | 'object'
  | { readonly list: Shape }
  | { readonly optional: Shape }
  | { readonly fields: Readonly<Record<string, Shape>> }

/** The first place where a value differs from a shape, as a sentence; undefined where it fits. */
export function shapeFault(value: unknown, shape: Shape, path = ''): string | undefined {
  const here = path === '' ? 'It' : path
  if (typeof shape === 'string') {
    const fits = shape === 'object' ? isObject(value) : typeof value === (shape === 'text' ? 'string' : shape)
    return fits ? undefined : `${here} is not ${words[shape]}.`
  }
  if ('optional' in shape) return value === undefined ? undefined : shapeFault(value, shape.optional, path)
  if ('list' in shape) {
    if (!Array.isArray(value)) return `${here} is not a list.`
    for (const [index, each] of value.entries()) {
      const fault = shapeFault(each, shape.list, `${path}[${index}]`)
      if (fault) return fault
    }
    return undefined
  }
  if (!isObject(value)) return `${here} is not an object.`
  for (const [name, inner] of Object.entries(shape.fields)) {
    const fault = shapeFault(
      Object.hasOwn(value, name) ? value[name] : undefined,
      inner,
      path === '' ? name : `${path}.${name}`,
    )
    if (fault) return fault
  }
  return undefined
}

const words = { text: 'a text', number: 'a number', boolean: 'true or false', object: 'an object' } as const

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
