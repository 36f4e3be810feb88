import { describe, expect, it } from 'vitest'
import { Problem } from '../problem.ts'
import { parseGrants } from './parse-grants.ts'
import { readInlinePolicy } from './rules/inline-policy.ts'

const head = 'version: 1\nname: trial\n'
const complaints = (text: string): string => {
  try {
    parseGrants(head + text, 'grants.yaml')
    return ''
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return (error.errors ?? []).map(({ line, what, why, fix }) => `${line} ${what} ${why} ${fix}`).join('\n')
  }
}
const there = 'arn:aws:sagemaker:eu-west-1:210987654321:mlflow-tracking-server/theirs'

describe('the parts of a grants file that real accounts need', () => {
  it('reads them with their shorthands', () => {
    const file = parseGrants(
      `${head}split: { profile/d-abc123/ben: , profile/d-abc123/ana: { role: ana-mlflow } }
adopt: MLflowOld
permission-sets: { MLScientist: { policy: inline }, MLAudit: {} }
accounts: { "123456789012": { profile: dev }, "210987654321": { profile: prod, region: us-east-1 } }
servers: { theirs: { arn: "${there}", via: "arn:aws:iam::210987654321:role/mlflow-access" } }
`,
      'grants.yaml',
    )
    expect(file.split).toEqual([
      { profile: 'profile/d-abc123/ben' },
      { profile: 'profile/d-abc123/ana', role: 'ana-mlflow' },
    ])
    expect(file.adopt).toEqual(['MLflowOld'])
    expect(file.permissionSets).toEqual([
      { name: 'MLScientist', policy: 'inline' },
      { name: 'MLAudit', policy: 'reference' },
    ])
    expect(file.accounts).toEqual([
      { account: '123456789012', profile: 'dev' },
      { account: '210987654321', profile: 'prod', region: 'us-east-1' },
    ])
    expect(file.servers[0]).toMatchObject({ arn: there, via: 'arn:aws:iam::210987654321:role/mlflow-access' })
  })

  it('tells an inline policy from a managed one of the same name, whatever signs its name has', () => {
    const adopt = [
      'Old',
      'inline:Old@user/ana',
      'inline:a@user@user/ana@b.example',
      'inline:Old@role/teams/ml/ds-shared',
      'inline:Old@arn:aws:iam::123456789012:group/ml',
    ]
    expect(parseGrants(`${head}adopt: ${JSON.stringify(adopt)}\n`, 'grants.yaml').adopt).toEqual(adopt)
    expect(readInlinePolicy('inline:a@user@user/ana@b.example')).toMatchObject({
      name: 'a@user',
      holder: { kind: 'user', name: 'ana@b.example' },
    })
    expect(readInlinePolicy('inline:a@role@role/teams/x@group/y')).toMatchObject({
      name: 'a@role',
      holder: { kind: 'role', name: 'y', path: '/teams/x@group/' },
    })
  })

  it.each([
    ['split: { user/ana: {} }', 'Only profiles share execution roles'],
    [
      'split: { profile/d-a/ana: { role: mine }, profile/d-a/ben: { role: Mine } }',
      'is the role of "profile/d-a/ana" already',
    ],
    ['adopt: [arn:aws:iam::aws:policy/AmazonSageMakerFullAccess]', 'belongs to AWS'],
    ['adopt: [arn:aws:iam::123456789012:policy/mlflow-iam/trial/x]', 'made it for a grants file'],
    ['account: "123456789012"\nadopt: arn:aws:iam::210987654321:policy/Old', 'account "210987654321"'],
    ['adopt: [Old, Old]', 'twice'],
    ['adopt: "inline:Old"', 'both are named. Write it like inline:mlflow-access@role/ds-shared.'],
    ['adopt: "inline:Old@ds-shared"', 'both are named'],
    ['adopt: "inline:@role/ds-shared"', 'policy names have at least 1 character'],
    ['adopt: "inline:Old@role/a b"', 'only letters, digits'],
    ['adopt: "inline:Old@roles/ds-shared"', 'Did you mean role/ds-shared?'],
    ['adopt: "inline:Old@profile/d-abc123/ben"', 'Name the role: inline:Old@role/NAME.'],
    [
      'adopt: "inline:AwsSSOInlinePolicy@permission-set/MLScientist"',
      'what others wrote in it is never changed',
    ],
    [
      'adopt: "inline:AwsSSOInlinePolicy@role/AWSReservedSSO_MLScientist_0123456789abcdef"',
      'what others wrote in it is never changed',
    ],
    [
      'account: "123456789012"\nadopt: "inline:Old@arn:aws:iam::210987654321:role/x"',
      'account "210987654321"',
    ],
    ['permission-sets: { MLScientist: { policy: both } }', 'reference or inline'],
    [
      'account: "123456789012"\naccounts: { "123456789012": { profile: dev } }',
      'accounts stands beside account',
    ],
    ['accounts: { "12": { profile: dev } }', '12 digits'],
    ['accounts: { "123456789012": {} }', 'profile'],
    ['accounts: { "123456789012": { profile: "a b" } }', 'not a profile name'],
    ['accounts: { "123456789012": { profile: dev, region: us-gov-west-1 } }', 'aws-us-gov'],
    [`servers: { a: { via: "arn:aws:iam::210987654321:role/x" } }`, 'via stands without arn'],
    [`servers: { a: { arn: "${there}", via: "arn:aws:iam::310987654321:role/x" } }`, 'and the server of'],
    [
      `account: "210987654321"\nservers: { a: { arn: "${there}", via: "arn:aws:iam::210987654321:role/x" } }`,
      "the file's own",
    ],

    [
      `account: "123456789012"\nservers: { a: { arn: "${there}" } }`,
      'via: arn:aws:iam::210987654321:role/NAME',
    ],
    ['servers: { a: { all: true, via: "arn:aws:iam::210987654321:role/x" } }', 'via does not go with all'],
    ['servers: { a: { compatible: true } }', 'compatible stands without app'],
  ])('refuses %s', (text, words) => {
    expect(complaints(text)).toContain(words)
  })
})
