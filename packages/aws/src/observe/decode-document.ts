/**
 * The text of a policy document as it was written. AWS percent-encodes documents in its answers and the SDK
 * leaves them so; some endpoints send them plain, where a `%` belongs to the policy and must stay.
 */
export function decodeDocument(answer: string | undefined): string {
  if (answer === undefined || /^\s*[{["]/.test(answer)) return answer ?? ''
  try {
    return decodeURIComponent(answer)
  } catch {
    return answer
  }
}
