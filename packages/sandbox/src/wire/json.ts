/** An answer as the AWS JSON 1.1 protocol writes it: times are seconds since 1970. */
export function renderJson(value: object): string {
  return JSON.stringify(secondsForDates(value))
}

function secondsForDates(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000
  if (Array.isArray(value)) return value.map(secondsForDates)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, secondsForDates(item)]))
}
