import { type Context, judge, type Verdict } from '../oracle/naive-evaluator.ts'

/** What the second evaluator says of a request, as identity policies' texts alone decide it. */
export function naiveVerdict(
  documents: readonly string[],
  action: string,
  resource: string,
  context: Context = {},
): Verdict {
  return judge({ action, resource, context }, documents)
}
