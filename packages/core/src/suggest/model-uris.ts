import type { Value } from './python-value.ts'

/** What an artifact or model address points to, which decides what the client calls to resolve it. */
export type UriKind =
  | 'runs:/'
  | 'models:/name/version'
  | 'models:/name@alias'
  | 'models:/name/Stage'
  | 'models:/name/latest'
  | 'models:/<model_id>'
  | 's3://'
  | 'elsewhere'

const modelKinds: readonly UriKind[] = [
  'models:/name/version',
  'models:/name@alias',
  'models:/name/Stage',
  'models:/name/latest',
  'models:/<model_id>',
]

/** The kinds of address that a value can be; none where that is not known. */
export function uriKindsOf(values: readonly Value[]): ReadonlySet<UriKind> | undefined {
  const kinds = new Set<UriKind>()
  for (const value of values) {
    if (value.kind === 'model-uri') {
      // A ModelInfo names the run up to MLflow 2, the logged model from MLflow 3 on.
      kinds.add('runs:/')
      kinds.add('models:/<model_id>')
    } else if (value.kind === 'text') {
      const found = kindsOfText(value.text)
      if (!found) return undefined
      for (const kind of found) kinds.add(kind)
    } else if (value.kind === 'constant' && value.value === null) kinds.add('elsewhere')
    else return undefined
  }
  return kinds.size > 0 ? kinds : undefined
}

/** NUL stands for a part that is not known. */
function kindsOfText(text: string): readonly UriKind[] | undefined {
  if (text.startsWith('runs:/')) return ['runs:/']
  if (/^s3[an]?:\/\//.test(text)) return ['s3://']
  if (text.startsWith('\0')) return undefined
  if (!text.startsWith('models:/')) return ['elsewhere']
  const path = text.slice('models:/'.length)
  if (path.includes('@')) return ['models:/name@alias']
  const slash = path.lastIndexOf('/')
  if (slash < 0) return path.includes('\0') && !path.startsWith('m-') ? modelKinds : ['models:/<model_id>']
  const last = path.slice(slash + 1)
  if (/^\d+$/.test(last)) return ['models:/name/version']
  if (last.toLowerCase() === 'latest') return ['models:/name/latest']
  if (last.includes('\0')) return ['models:/name/version', 'models:/name/Stage', 'models:/name/latest']
  return ['models:/name/Stage']
}
