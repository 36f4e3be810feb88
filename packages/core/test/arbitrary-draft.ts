import fc from 'fast-check'
import { mlflowActions } from '../src/catalog/actions.ts'
import type { GrantDraft, GrantsDraft } from '../src/grants/grants-draft.ts'
import type { CustomPersona, GrantsFile, GrantsServer } from '../src/grants/grants-file.ts'
import { builtInPersonas } from '../src/personas/built-in.ts'

const account = '123456789012'
const builtIn = builtInPersonas.map((persona) => persona.name)
const bare = mlflowActions.map((action) => action.bare)

const some = <T>(from: readonly T[], least = 0, most = 3) =>
  fc.subarray([...from], { minLength: least, maxLength: Math.min(most, from.length) })
const maybe = <K extends string, T>(key: K, value: fc.Arbitrary<T>): fc.Arbitrary<{ [P in K]?: T }> =>
  fc.oneof(
    fc.constant({}),
    value.map((content) => ({ [key]: content }) as { [P in K]?: T }),
  )
const joined = <A extends object, B extends object>(
  a: fc.Arbitrary<A>,
  b: fc.Arbitrary<B>,
): fc.Arbitrary<A & B> => fc.tuple(a, b).map(([first, second]) => ({ ...first, ...second }))

const region = fc.constantFrom('eu-west-1', 'us-east-1')
const kms = some(['1', '2'].map((id) => `arn:aws:kms:eu-west-1:${account}:key/${id}`))
const artifacts = maybe(
  'artifacts',
  fc.constantFrom('s3://ml-dev-mlflow/experiments', 's3://bucket', "s3://bucket/it's, {a} #1"),
)
const tags = fc.constantFrom(
  { env: 'staging' },
  { env: 'pröd', 'cost center': '12' },
  { 'a.b': 'true', n: '1.0' },
  { e: '' },
)

const serverKinds: fc.Arbitrary<Omit<GrantsServer, 'key'>> = fc.oneof(
  joined(
    fc.record({ kind: fc.constant('name' as const), kms, planned: fc.boolean() }),
    joined(artifacts, maybe('region', region)),
  ),
  joined(
    fc.record({
      kind: fc.constant('arn' as const),
      kms,
      arn: fc.constant(`arn:aws:sagemaker:eu-west-1:${account}:mlflow-tracking-server/shared`),
      planned: fc.boolean(),
    }),
    artifacts,
  ),
  fc.record({
    kind: fc.constant('arn' as const),
    kms,
    arn: fc.constant('arn:aws:sagemaker:eu-west-1:210987654321:mlflow-tracking-server/theirs'),
    via: fc.constant('arn:aws:iam::210987654321:role/teams/mlflow-access'),
    planned: fc.boolean(),
  }),
  joined(
    fc.record({ kind: fc.constant('tag' as const), kms, tags }),
    joined(artifacts, maybe('region', region)),
  ),
  joined(fc.record({ kind: fc.constant('all' as const), kms }), joined(artifacts, maybe('region', region))),
  joined(
    fc.record({
      kind: fc.constant('app' as const),
      kms,
      app: fc.constant(`arn:aws:sagemaker:eu-west-1:${account}:mlflow-app/app-1`),
      access: fc.constant('full' as const),
      compatible: fc.boolean(),
    }),
    artifacts,
  ),
)

const roleParts = fc.record({
  name: fc.constantFrom('mlflow-server', 'a+b=c,d.e@f', '0123'),
  policy: fc.constantFrom('narrow' as const, 'documented' as const),
  existing: fc.boolean(),
  trust: fc.record({ sourceAccount: fc.boolean() }),
})

const roles: fc.Arbitrary<GrantsFile['roles']> = joined(
  maybe(
    'tracking-server',
    joined(roleParts, fc.record({ buckets: some(['ml-prod-mlflow', 'b.c']), kms, registry: fc.boolean() })),
  ),
  maybe('sagemaker', joined(roleParts, fc.record({ passes: some(['mlflow-server', 'true', 'null']) }))),
)

const title = fc.constantFrom(
  'Labels runs',
  'a: b # c',
  '- x',
  "it's",
  'yes',
  '1.5',
  '{}',
  ' lead',
  'Ünï “x” 💥',
)
const halves = some(bare, 1, 4).map((actions) => {
  const middle = Math.ceil(actions.length / 2)
  return { add: actions.slice(0, middle), remove: actions.slice(middle) }
})

const persona = (name: string): fc.Arbitrary<CustomPersona> =>
  joined(
    joined(fc.record({ name: fc.constant(name), extends: some(builtIn) }), halves),
    maybe('title', title),
  )

const principals = [
  'user/ana',
  'user/teams/ben',
  'group/ml-reviewers',
  'role/ci-trainer',
  'role/teams/ml/trainer',
  `arn:aws:iam::${account}:role/x/y`,
  'profile/d-abc123/ben',
  'domain/d-abc123',
  'permission-set/MLScientist',
]

const conditions = fc
  .record({
    mfa: fc.boolean(),
    ip: some(['203.0.113.0/24', '2001:db8::/32', '198.51.100.7/32']),
    vpce: some(['vpce-0a1b2c3d']),
    vpc: some(['vpc-0a1b2c3d4e5f67890']),
    sessionTags: fc.oneof(fc.constant({}), tags),
  })
  .filter(
    (when) =>
      when.mfa ||
      [when.ip, when.vpce, when.vpc, Object.keys(when.sessionTags)].some((list) => list.length > 0),
  )
  .map(({ mfa, ...rest }) => ({ ...(mfa ? { mfa } : {}), ...rest }))

function grant(keys: readonly string[], personas: readonly string[]): fc.Arbitrary<GrantDraft> {
  const on = fc.oneof(
    fc.constant({ on: [...keys], everyServer: true }),
    some(keys, 1).map((names) => ({ on: names })),
  )
  const what = fc.record({ to: some(principals, 1), personas: some(personas) })
  const extras = joined(
    maybe('until', fc.constantFrom('2027-04-01T00:00:00Z', '2027-03-31T16:30:00Z')),
    joined(maybe('when', conditions), maybe('policyName', fc.constantFrom('MLflowPolicy', '=x', '00'))),
  )
  return joined(joined(what, halves), joined(on, extras)) as fc.Arbitrary<GrantDraft>
}

/** Unlike grants share no name of a policy. */
function namedApart(grants: readonly GrantDraft[]): readonly GrantDraft[] {
  return grants.map((each, index) =>
    each.policyName === undefined ? each : { ...each, policyName: `${each.policyName}${index}` },
  )
}

const realAccount = fc.record({
  split: fc.constantFrom(
    [],
    [{ profile: 'profile/d-abc123/ben' }],
    [{ profile: 'profile/d-abc123/ben', role: 'ben-mlflow' }, { profile: 'profile/d-abc123/Cleo-1' }],
  ),
  adopt: some([
    'MLflowOld',
    'inline:MLflowOld@role/teams/ds-shared',
    `inline:0@x@arn:aws:iam::${account}:user/ana@b.example`,
    '0123',
    `arn:aws:iam::${account}:policy/teams/MLflowOld2`,
  ]),
  permissionSets: some([
    { name: 'MLScientist', policy: 'inline' as const },
    { name: 'true', policy: 'reference' as const },
  ]),
})
const homes = fc.oneof(
  maybe('account', fc.constant(account)).map((home) => ({ ...home, accounts: [] })),
  some(
    [
      { account, profile: 'ml-prod' },
      { account: '210987654321', profile: 'sso/dev', region: 'us-east-1' },
    ],
    1,
  ).map((accounts) => ({ accounts })),
)

/** Any valid grants file of the account 123456789012, in the form in which a parsed file comes back. */
export const arbitraryDraft: fc.Arbitrary<GrantsDraft> = fc
  .tuple(
    some(['ml-prod', 'ml-dev', 'a', 'true', 'null', 'X-1'], 1, 4),
    some(['labeller', '0-1', 'yes', 'on'], 0, 2),
  )
  .chain(([keys, names]) =>
    joined(
      fc.record({
        version: fc.constant(1 as const),
        name: fc.constantFrom('ml-platform', '1e3', '0', 'null'),
        partition: fc.constant('aws' as const),
        servers: fc.tuple(
          ...keys.map((key) => serverKinds.map((server) => ({ key, ...server }) as GrantsServer)),
        ),
        roles,
        personas: fc.tuple(...names.map(persona)),
        grants: fc.array(grant(keys, [...builtIn, ...names]), { maxLength: 5 }).map(namedApart),
      }),
      joined(joined(homes, maybe('region', region)), realAccount),
    ),
  )
