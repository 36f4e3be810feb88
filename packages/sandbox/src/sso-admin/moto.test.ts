import {
  AttachCustomerManagedPolicyReferenceToPermissionSetCommand,
  AttachManagedPolicyToPermissionSetCommand,
  CreatePermissionSetCommand,
  DeleteInlinePolicyFromPermissionSetCommand,
  DescribePermissionSetCommand,
  DetachCustomerManagedPolicyReferenceFromPermissionSetCommand,
  DetachManagedPolicyFromPermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  ListCustomerManagedPolicyReferencesInPermissionSetCommand,
  ListInstancesCommand,
  ListManagedPoliciesInPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  SSOAdminClient,
} from '@aws-sdk/client-sso-admin'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientsOf, readPolicy } from '../../test/clients.ts'
import { startMoto } from '../../test/moto.ts'
import { skipWithout } from '../../test/tools.ts'
import { createSandbox } from '../sandbox.ts'

interface Set {
  InstanceArn: string | undefined
  PermissionSetArn: string | undefined
}

const CustomerManagedPolicyReference = { Name: 'mlflow', Path: '/mlflow-iam/x/' }
const ManagedPolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

/** What both must answer, in order, for a set that begins empty. */
const requests = (set: Set) => [
  new DescribePermissionSetCommand(set),
  new ListCustomerManagedPolicyReferencesInPermissionSetCommand(set),
  new AttachCustomerManagedPolicyReferenceToPermissionSetCommand({ ...set, CustomerManagedPolicyReference }),
  new AttachCustomerManagedPolicyReferenceToPermissionSetCommand({ ...set, CustomerManagedPolicyReference }),
  new ListCustomerManagedPolicyReferencesInPermissionSetCommand(set),
  new DetachCustomerManagedPolicyReferenceFromPermissionSetCommand({
    ...set,
    CustomerManagedPolicyReference,
  }),
  new DetachCustomerManagedPolicyReferenceFromPermissionSetCommand({
    ...set,
    CustomerManagedPolicyReference,
  }),
  new AttachManagedPolicyToPermissionSetCommand({ ...set, ManagedPolicyArn }),
  new AttachManagedPolicyToPermissionSetCommand({ ...set, ManagedPolicyArn }),
  new ListManagedPoliciesInPermissionSetCommand(set),
  new DetachManagedPolicyFromPermissionSetCommand({ ...set, ManagedPolicyArn }),
  new DetachManagedPolicyFromPermissionSetCommand({ ...set, ManagedPolicyArn }),
  new PutInlinePolicyToPermissionSetCommand({ ...set, InlinePolicy: readPolicy }),
  new GetInlinePolicyForPermissionSetCommand(set),
  new DeleteInlinePolicyFromPermissionSetCommand(set),
  new GetInlinePolicyForPermissionSetCommand(set),
]

describe.skipIf(skipWithout('python3', '-c', 'import moto.server'))('beside moto', () => {
  let moto: Awaited<ReturnType<typeof startMoto>>
  beforeAll(async () => {
    // moto looks AWS's policies up only when it is told to load them.
    moto = await startMoto({ MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' })
  }, 120_000)
  afterAll(() => moto?.stop())

  test('a permission set lives alike', { timeout: 120_000 }, async () => {
    const sandbox = createSandbox()
    const ours = clientsOf(sandbox).sso
    const trainee = sandbox.state.center?.permissionSets.find((set) => set.name === 'MLTrainee')
    const ourSet = { InstanceArn: sandbox.state.center?.instanceArn, PermissionSetArn: trainee?.arn }
    await ours.send(new DeleteInlinePolicyFromPermissionSetCommand(ourSet))

    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'x' }
    const theirs = new SSOAdminClient({
      region: 'eu-west-1',
      credentials,
      endpoint: moto.url,
      maxAttempts: 1,
    })
    const { Instances } = await theirs.send(new ListInstancesCommand({}))
    const InstanceArn = Instances?.[0]?.InstanceArn
    const { PermissionSet } = await theirs.send(
      new CreatePermissionSetCommand({
        InstanceArn,
        Name: 'MLTrainee',
        Description: 'Access as MLTrainee',
        SessionDuration: 'PT8H',
      }),
    )
    const theirSet = { InstanceArn, PermissionSetArn: PermissionSet?.PermissionSetArn }
    const [found, expected]: [object[], object[]] = [[], []]
    for (const [index, request] of requests(ourSet).entries()) {
      found.push({ index, ...(await outcomeOf(ours, request)) })
      const same = requests(theirSet)[index]
      if (same !== undefined) expected.push({ index, ...(await outcomeOf(theirs, same)) })
    }
    expect(found).toEqual(expected)
    theirs.destroy()
  })
})

async function outcomeOf(
  client: SSOAdminClient,
  request: ReturnType<typeof requests>[number],
): Promise<object> {
  try {
    const { $metadata: _, ...answer } = await client.send(request as DescribePermissionSetCommand)
    const text = JSON.stringify(answer, (name, value) =>
      name === 'CreatedDate' || name === 'PermissionSetArn' ? undefined : value,
    )
    return { request: request.constructor.name, answer: JSON.parse(text) }
  } catch (error) {
    return { request: request.constructor.name, refused: (error as Error).name }
  }
}
