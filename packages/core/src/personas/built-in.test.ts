import { expect, test } from 'vitest'
import { builtInPersonas } from './built-in.ts'

const sizes: Record<string, number> = {
  viewer: 20,
  auditor: 19,
  'data-scientist': 44,
  'ml-engineer': 51,
  'model-approver': 27,
  'genai-developer': 43,
  'training-job': 21,
  'ci-cd': 39,
  'model-consumer': 10,
  'trace-writer': 6,
  'mlops-admin': 61,
  'server-operator': 0,
  'use-mlflow': 61,
  'manage-mlflow-tracking-servers': 0,
  'access-aws-services-for-mlflow': 0,
}

test('the built-in personas have the sizes that were measured', () => {
  expect(
    Object.fromEntries(builtInPersonas.map((persona) => [persona.name, persona.actions.length])),
  ).toEqual(sizes)
})
