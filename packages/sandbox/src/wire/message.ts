/** One HTTP request as the account receives it. Header names are compared without regard to case. */
export interface WireRequest {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | null | undefined>>
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body?: string | Uint8Array
}

/** One HTTP answer. */
export interface WireResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A header's value, whatever the case of its name; the first one where it was sent twice. */
export function headerOf(request: WireRequest, name: string): string | undefined {
  const wanted = name.toLowerCase()
  for (const [key, value] of Object.entries(request.headers)) {
    if (key.toLowerCase() === wanted) return typeof value === 'string' ? value : value?.[0]
  }
  return undefined
}
