/** The places that an answer such as `1 3 5-9` names, counted from 0; `undefined` where it is none. */
export function readNumbers(answer: string, length: number): readonly number[] | undefined {
  const places: number[] = []
  for (const part of answer.split(/[\s,]+/).filter((each) => each !== '')) {
    const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? []
    if (first === undefined) return undefined
    const from = Number(first)
    const to = last === undefined ? from : Number(last)
    if (from < 1 || to < from || to > length) return undefined
    for (let number = from; number <= to; number += 1) places.push(number - 1)
  }
  return places.length > 0 ? [...new Set(places)] : undefined
}

/** Items that an answer means: numbers and ranges, `all`, or names, also the beginning of one where only one has it. */
export function readItems<Item>(
  answer: string,
  items: readonly Item[],
  namesOf: (item: Item) => readonly string[],
): readonly Item[] | string {
  if (answer === 'all') return items
  const numbers = readNumbers(answer, items.length)
  if (numbers) return numbers.flatMap((place) => items[place] ?? [])
  const found: Item[] = []
  for (const word of answer.split(/[\s,]+/).filter((each) => each !== '')) {
    const wanted = word.toLowerCase()
    const named = (test: (name: string) => boolean) =>
      items.filter((item) => namesOf(item).some((name) => test(name.toLowerCase())))
    const exact = named((name) => name === wanted)
    const close = exact.length > 0 ? exact : named((name) => name.startsWith(wanted))
    if (close.length === 0) return `There is no "${word}".`
    if (close.length > 1)
      return `"${word}" could be ${close.length} of them; give more of the name, or its number.`
    found.push(...close)
  }
  return [...new Set(found)]
}
