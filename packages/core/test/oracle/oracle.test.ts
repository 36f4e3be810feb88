import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mlflowActions } from '../../src/catalog/actions.ts'
import { decide } from '../../src/evaluate/decide.ts'
import { evaluateAccess } from '../../src/evaluate/evaluate-access.ts'
import type { Grant, GrantsFile } from '../../src/grants/grants-file.ts'
import { builtInPersonas } from '../../src/personas/built-in.ts'
import { expandPersonas } from '../../src/personas/expand.ts'
import { buildPlan } from '../../src/plan/build-plan.ts'
import { projectPlan } from '../../src/plan/project-plan.ts'
import { assumeAccount } from '../../src/snapshot/assume-account.ts'
import type { Snapshot } from '../../src/snapshot/snapshot.ts'
import { grant, grantsFile, server, user } from '../grants-fixture.ts'
import { type Context, judge } from './naive-evaluator.ts'

const now = new Date('2026-11-24T12:00:00Z')
const serverArn = (name: string): string =>
  `arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/${name}`

// --- the two evaluators agree -----------------------------------------------------------------------------------

const names = ['ml-dev', 'ml-prod']
const anyAction = fc.constantFrom(
  'sagemaker-mlflow:GetRun',
  'sagemaker-mlflow:LogMetric',
  'sagemaker-mlflow:DeleteRun',
  'sagemaker:CreatePresignedMlflowTrackingServerUrl',
)
const anyActionPattern = fc.constantFrom(
  'sagemaker-mlflow:GetRun',
  'SageMaker-MLflow:getrun',
  'sagemaker-mlflow:*',
  'sagemaker-mlflow:Log*',
  'sagemaker-mlflow:?etRun',
  '*',
  's3:*',
  'sagemaker:Create*',
)
const anyResource = fc.constantFrom(
  '*',
  serverArn('ml-dev'),
  serverArn('*'),
  serverArn('ml-????'),
  'arn:aws:sagemaker:*:123456789012:mlflow-tracking-server/ml-prod',
  'arn:aws:sagemaker:eu-west-1:123456789012:*/ml-d*v',
  serverArn(`\${aws:PrincipalTag/server}`),
  serverArn(`\${aws:PrincipalTag/none, 'ml-dev'}`),
  serverArn(`\${aws:SourceVpc}`),
  serverArn(`ml-\${*}`),
)
/** Operators with keys and values of their kind; what IAM makes of a value of another kind is not documented. */
const families = [
  {
    operators: [
      'StringEquals',
      'StringNotEquals',
      'StringEqualsIgnoreCase',
      'StringNotEqualsIgnoreCase',
      'StringLike',
      'StringNotLike',
    ],
    keys: ['test:Text', 'test:many', 'aws:PrincipalTag/server', 'aws:username'],
    values: [
      'alpha',
      'ALPHA',
      'al*',
      'a?pha',
      'ana',
      '$' + '{aws:username}',
      'ml-dev',
      '$' + '{aws:SourceVpc}',
      '$' + '{aws:PrincipalTag/none}',
    ],
  },
  {
    operators: [
      'NumericEquals',
      'NumericNotEquals',
      'NumericLessThan',
      'NumericLessThanEquals',
      'NumericGreaterThan',
      'NumericGreaterThanEquals',
    ],
    keys: ['test:number'],
    values: ['5', '7.5', '-1', '5.0'],
  },
  {
    operators: [
      'DateEquals',
      'DateNotEquals',
      'DateLessThan',
      'DateLessThanEquals',
      'DateGreaterThan',
      'DateGreaterThanEquals',
    ],
    keys: ['TEST:date'],
    values: ['2026-01-01T00:00:00Z', '1893456000', '2025-06-01', '2026-01-01T01:00:00+01:00'],
  },
  { operators: ['Bool'], keys: ['test:flag'], values: ['true', 'false'] },
  {
    operators: ['IpAddress', 'NotIpAddress'],
    keys: ['test:ip', 'test:ip6'],
    values: ['10.0.0.0/8', '10.1.2.3', '2001:db8::/32', '192.168.0.0/16', '::/0', '0.0.0.0/0'],
  },
  {
    operators: ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'],
    keys: ['test:arn'],
    values: [
      'arn:aws:iam::123456789012:role/*',
      'arn:aws:iam::*:role/ci',
      'arn:aws:iam::123456789012:role/other',
      'arn:*:iam::123456789012:role/c?',
    ],
  },
] as const
const anyCondition = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .constantFrom(...families)
      .chain((family) =>
        fc.record({
          set: fc.constantFrom('', '', 'ForAllValues:', 'ForAnyValue:'),
          operator: fc.constantFrom<string>(...family.operators),
          exists: fc.constantFrom('', '', 'IfExists'),
          // The last two are known to be absent, and unknown.
          key: fc.constantFrom<string>(
            ...family.keys,
            ...family.keys,
            'aws:PrincipalTag/none',
            'aws:SourceVpc',
          ),
          values: fc.array(fc.constantFrom<string>(...family.values), { minLength: 1, maxLength: 3 }),
        }),
      )
      .map(({ set, operator, exists, key, values }) => ({
        [`${set}${operator}${exists}`]: { [key]: values.length === 1 ? values[0] : values },
      })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        key: fc.constantFrom('test:Text', 'aws:PrincipalTag/none', 'aws:SourceVpc'),
        value: fc.constantFrom('true', 'false'),
      })
      .map(({ key, value }) => ({ Null: { [key]: value } })),
  },
)
const anyStatement = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
    actions: fc.array(anyActionPattern, { minLength: 1, maxLength: 2 }),
    notAction: fc.integer({ min: 0, max: 6 }).map((n) => n === 0),
    resources: fc.array(anyResource, { minLength: 1, maxLength: 2 }),
    notResource: fc.integer({ min: 0, max: 6 }).map((n) => n === 0),
    condition: fc.option(anyCondition, { freq: 2, nil: undefined }),
  })
  .map(({ Effect, actions, notAction, resources, notResource, condition }) => ({
    Effect,
    [notAction ? 'NotAction' : 'Action']: actions,
    [notResource ? 'NotResource' : 'Resource']: resources,
    ...(condition ? { Condition: condition } : {}),
  }))
const anyDocument = fc
  .array(anyStatement, { minLength: 1, maxLength: 3 })
  .map((Statement) => JSON.stringify({ Version: '2012-10-17', Statement }))

const carried = {
  'test:text': ['alpha'],
  'test:number': ['5'],
  'test:date': ['2026-01-01T00:00:00Z'],
  'test:flag': ['true'],
  'test:ip': ['10.1.2.3'],
  'test:ip6': ['2001:db8::1'],
  'test:arn': ['arn:aws:iam::123456789012:role/ci'],
  'test:many': ['alpha', 'beta'],
}
const oracleContext: Context = {
  ...carried,
  'aws:principaltag/server': ['ml-dev'],
  'aws:principaltag/none': 'absent',
  'aws:username': ['ana'],
}

function accountWith(documents: readonly string[], boundary: string | undefined): Snapshot {
  const base = assumeAccount(
    grantsFile({
      servers: names.map((name) => server(name)),
      grants: [grant(0, [user('ana')], ['viewer'], names)],
    }),
    now,
  )
  const arn = 'arn:aws:iam::123456789012:policy/limit'
  return {
    ...base,
    users: base.users.map((item) => ({
      ...item,
      tags: [{ Key: 'server', Value: 'ml-dev' }],
      inline: documents.map((document, index) => ({ name: `p${index}`, document })),
      ...(boundary ? { boundary: arn } : {}),
    })),
    policies: boundary
      ? [
          {
            arn,
            name: 'limit',
            path: '/',
            id: 'P',
            defaultVersion: 'v1',
            versions: [{ id: 'v1', document: boundary }],
          },
        ]
      : [],
  }
}

test('the evaluator agrees with a naive one written from the documentation by another hand', () => {
  fc.assert(
    fc.property(
      fc.array(anyDocument, { minLength: 1, maxLength: 2 }),
      fc.option(anyDocument, { freq: 4, nil: undefined }),
      anyAction,
      fc.constantFrom(...names),
      (documents, boundary, action, name) => {
        const resource = serverArn(name)
        const snapshot = accountWith(documents, boundary)
        const principal = snapshot.users[0]?.arn ?? ''
        const decision = decide(snapshot, { principal, action, resource, now, context: carried })
        expect(decision.outcome).toBe(
          judge({ action, resource, context: oracleContext }, documents, boundary),
        )
      },
    ),
    { numRuns: 1500 },
  )
})

// --- exactly the granted actions --------------------------------------------------------------------------------

const people = ['ana', 'ben']
const keys = ['ml-dev', 'ml-staging', 'ml-prod']
const personaNames = builtInPersonas.map((persona) => persona.name)
const anyGrant = fc
  .record({
    who: fc.subarray(people, { minLength: 1 }),
    personas: fc.subarray(personaNames, { minLength: 0, maxLength: 2 }),
    on: fc.subarray(keys, { minLength: 1 }),
    picked: fc.subarray(
      mlflowActions.map((action) => action.bare),
      { minLength: 1 },
    ),
    adds: fc.boolean(),
  })
  .map(
    ({ who, personas, on, picked, adds }): Omit<Grant, 'index'> => ({
      to: who.map(user),
      personas,
      on,
      add: adds || personas.length === 0 ? picked : [],
      remove: adds || personas.length === 0 ? [] : picked,
    }),
  )

test('after a plan, exactly the granted actions are allowed on each server, and none elsewhere', () => {
  fc.assert(
    fc.property(fc.array(anyGrant, { minLength: 1, maxLength: 4 }), (grants) => {
      const file = grantsFile({
        servers: keys.map((key) => server(key)),
        grants: grants.map((item, index) => ({ index, ...item })),
      })
      const start = assumeAccount(file, now)
      const snapshot = projectPlan(start, buildPlan({ file, snapshot: start, prune: false, now }).operations)
      const rows = evaluateAccess(snapshot, { now })
      for (const principal of snapshot.users) {
        const documents = principal.attached.map(
          (arn) => snapshot.policies.find((policy) => policy.arn === arn)?.versions[0]?.document ?? '',
        )
        for (const name of [...keys, 'not-in-the-file']) {
          const found = mlflowActions
            .filter(
              (action) =>
                judge(
                  {
                    action: action.name,
                    resource: action.bare === 'AccessUI' ? '*' : serverArn(name),
                    context: {},
                  },
                  documents,
                ) === 'allowed',
            )
            .map((action) => action.bare)
            .sort()
          expect(found).toEqual(meant(file, principal.name, name))
          if (name !== 'not-in-the-file')
            expect(
              rows.find((row) => row.principal === principal.arn && row.server === serverArn(name))
                ?.allowed ?? [],
            ).toEqual(found)
        }
      }
    }),
    { numRuns: 25 },
  )
})

/** What the file says in so many words: (personas ∪ add) − remove of each grant, added up; AccessUI knows no server. */
function meant(file: GrantsFile, name: string, key: string): readonly string[] {
  const personas = expandPersonas(file.personas)
  const own = file.grants.filter((item) => item.to.some((ref) => ref.text === `user/${name}`))
  const actionsOf = (item: Grant): readonly string[] =>
    [...item.personas.flatMap((persona) => personas.get(persona)?.actions ?? []), ...item.add].filter(
      (action) => !item.remove.includes(action),
    )
  const here = own.filter((item) => item.on.includes(key)).flatMap(actionsOf)
  const ui = own.flatMap(actionsOf).filter((action) => action === 'AccessUI')
  return [...new Set([...here, ...ui])].sort()
}
