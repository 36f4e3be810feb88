/** Orders `file:line` places by file, then by line as a number. */
export function comparePlaces(one: string, other: string): number {
  const [oneFile, oneLine] = splitPlace(one)
  const [otherFile, otherLine] = splitPlace(other)
  if (oneFile !== otherFile) return oneFile < otherFile ? -1 : 1
  return oneLine - otherLine
}

function splitPlace(place: string): readonly [string, number] {
  const colon = place.lastIndexOf(':')
  return [place.slice(0, colon), Number(place.slice(colon + 1)) || 0]
}
