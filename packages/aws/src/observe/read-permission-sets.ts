import { closestName } from '@mlflow-iam/core/catalog/suggest-name'
import type { PermissionSet } from '@mlflow-iam/core/snapshot/snapshot'
import { given } from '../given.ts'
import { mapAtOnce } from '../read.ts'
import type { PartNeed } from './needs.ts'
import { pages } from './read-servers.ts'
import type { Reading } from './reading.ts'

/** Reads Identity Center permission sets: those that are needed, with their policies and accounts. */
export async function readPermissionSets(reading: Reading, need: PartNeed): Promise<PermissionSet[]> {
  const { client, api } = await reading.connection.ssoAdmin()
  const instances = await pages(async (NextToken) => {
    const page = await reading.must('sso:ListInstances', 'find the Identity Center instance', () =>
      client.send(new api.ListInstancesCommand(NextToken)),
    )
    return [page.Instances ?? [], page.NextToken]
  })
  const sets: PermissionSet[] = []
  for (const { InstanceArn = '' } of instances) {
    const arns = await pages(async (NextToken) => {
      const page = await reading.must('sso:ListPermissionSets', 'list the permission sets', () =>
        client.send(new api.ListPermissionSetsCommand({ InstanceArn, MaxResults: 100, ...NextToken })),
      )
      return [page.PermissionSets ?? [], page.NextToken]
    })
    const candidates = arns.filter((arn) => need.arns?.has(arn) ?? true)
    const described = await mapAtOnce(candidates, 4, (arn) => describe(reading, InstanceArn, arn))
    const names =
      need.names &&
      withNearest(
        need.names,
        described.map(({ name }) => name),
      )
    const wanted = described.filter(({ name }) => names?.has(name) ?? true)
    sets.push(...(await mapAtOnce(wanted, 4, (each) => readOne(reading, InstanceArn, each))))
  }
  return sets
}

/** Also the sets whose names are nearest to those that are not there: a typo is answered with a suggestion. */
function withNearest(wanted: ReadonlySet<string>, there: readonly string[]): ReadonlySet<string> {
  const missing = [...wanted].filter((name) => !there.includes(name))
  return new Set([...wanted, ...missing.flatMap((name) => closestName(name, there) ?? [])])
}

interface Described {
  readonly arn: string
  readonly name: string
  readonly description: string | undefined
}

async function describe(reading: Reading, InstanceArn: string, arn: string): Promise<Described> {
  const { client, api } = await reading.connection.ssoAdmin()
  const { PermissionSet: set } = await reading.must(
    'sso:DescribePermissionSet',
    `read the permission set ${arn}`,
    () => client.send(new api.DescribePermissionSetCommand({ InstanceArn, PermissionSetArn: arn })),
  )
  return { arn, name: set?.Name ?? '', description: set?.Description }
}

async function readOne(
  reading: Reading,
  InstanceArn: string,
  { arn, name, description }: Described,
): Promise<PermissionSet> {
  const { client, api } = await reading.connection.ssoAdmin()
  const which = { InstanceArn, PermissionSetArn: arn }
  const words = `read the permission set ${name}`
  const inline = await reading.must('sso:GetInlinePolicyForPermissionSet', words, () =>
    client.send(new api.GetInlinePolicyForPermissionSetCommand(which)),
  )
  const managed = await pages(async (NextToken) => {
    const page = await reading.must('sso:ListManagedPoliciesInPermissionSet', words, () =>
      client.send(new api.ListManagedPoliciesInPermissionSetCommand({ ...which, ...NextToken })),
    )
    return [page.AttachedManagedPolicies ?? [], page.NextToken]
  })
  const references = await pages(async (NextToken) => {
    const page = await reading.must('sso:ListCustomerManagedPolicyReferencesInPermissionSet', words, () =>
      client.send(
        new api.ListCustomerManagedPolicyReferencesInPermissionSetCommand({ ...which, ...NextToken }),
      ),
    )
    return [page.CustomerManagedPolicyReferences ?? [], page.NextToken]
  })
  const accounts = await pages(async (NextToken) => {
    const page = await reading.must('sso:ListAccountsForProvisionedPermissionSet', words, () =>
      client.send(new api.ListAccountsForProvisionedPermissionSetCommand({ ...which, ...NextToken })),
    )
    return [page.AccountIds ?? [], page.NextToken]
  })
  return {
    arn,
    instanceArn: InstanceArn,
    name,
    ...given('description', description),
    ...given('inlinePolicy', inline.InlinePolicy),
    managedPolicies: managed.flatMap((policy) => policy.Arn ?? []),
    customerManaged: references.map(({ Name, Path }) => ({ name: Name ?? '', path: Path ?? '/' })),
    accounts,
  }
}
