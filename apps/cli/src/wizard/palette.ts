import type { Persona } from '@mlflow-iam/core/personas/persona'

/** Two letters for each built-in persona, as cells of the grid show it, and one word for the legend. */
const shortNames: Readonly<Record<string, readonly [code: string, word: string]>> = {
  viewer: ['VW', 'viewer'],
  auditor: ['AU', 'auditor'],
  'data-scientist': ['DS', 'scientist'],
  'ml-engineer': ['ML', 'engineer'],
  'model-approver': ['AP', 'approver'],
  'genai-developer': ['GD', 'GenAI'],
  'training-job': ['TJ', 'training'],
  'ci-cd': ['CI', 'CI/CD'],
  'model-consumer': ['MC', 'consumer'],
  'trace-writer': ['TW', 'traces'],
  'mlops-admin': ['AD', 'admin'],
  'server-operator': ['OP', 'operator'],
  'use-mlflow': ['UM', 'use MLflow'],
  'manage-mlflow-tracking-servers': ['MT', 'manage servers'],
  'access-aws-services-for-mlflow': ['AS', 'AWS services'],
}

/** What the digits mean at first: the common personas, the file's own ones from 7 on. */
const commonPersonas = ['viewer', 'data-scientist', 'ml-engineer', 'model-approver', 'mlops-admin', 'ci-cd']
const lesserPersonas = ['training-job', 'model-consumer', 'genai-developer']

/** The nine personas behind the digits 1 to 9. `chosen` overrides a slot where it names a persona. */
export function paletteOf(
  personas: ReadonlyMap<string, Persona>,
  custom: readonly string[],
  chosen: readonly string[],
): readonly string[] {
  const filled = [...commonPersonas, ...[...custom, ...lesserPersonas].slice(0, 3)]
  return filled.map((name, slot) => {
    const own = chosen[slot]
    return own && personas.has(own) ? own : name
  })
}

/** The two letters of a persona. Custom ones take their first letters, apart from those taken. */
export function codeOf(name: string, custom: readonly string[] = []): string {
  const known = shortNames[name]
  if (known) return known[0]
  const taken = new Set(Object.values(shortNames).map(([code]) => code))
  for (const other of custom) {
    const code = freeCode(other, taken)
    if (other === name) return code
    taken.add(code)
  }
  return freeCode(name, taken)
}

function freeCode(name: string, taken: ReadonlySet<string>): string {
  const letters = name.toUpperCase().replace(/[^A-Z0-9]/g, '')
  for (let second = 1; second < letters.length; second += 1) {
    const code = `${letters[0]}${letters[second]}`
    if (!taken.has(code)) return code
  }
  for (let digit = 1; digit < 10; digit += 1) {
    const code = `${letters[0] ?? 'X'}${digit}`
    if (!taken.has(code)) return code
  }
  return 'XX'
}

/** The word of a persona in the legend. */
export function wordOf(name: string): string {
  return shortNames[name]?.[1] ?? name
}
