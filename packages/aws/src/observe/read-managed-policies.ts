import { arnName, parseArn } from '@mlflow-iam/core/policy/arn'
import type { IamGroup, IamRole, IamUser, ManagedPolicy } from '@mlflow-iam/core/snapshot/snapshot'
import { mapAtOnce } from '../read.ts'
import { decodeDocument } from './decode-document.ts'
import type { AccountIam } from './read-iam.ts'
import type { Reading } from './reading.ts'

type Holders = Pick<AccountIam, 'users' | 'groups' | 'roles'>

/** Whose policies say what a caller may do: its user with the user's groups, or the role of its session. */
export function holdersOf(caller: string, { users, groups, roles }: Holders): Holders {
  const role = /:assumed-role\/([^/]+)\//.exec(caller)?.[1]
  const user = users.filter(({ arn }) => arn === caller)
  const names = new Set(user.flatMap((each) => each.groups))
  return {
    users: user,
    groups: groups.filter(({ name }) => names.has(name)),
    roles: roles.filter(({ name }) => name === role),
  }
}

/** Reads the AWS-managed policies that these are attached to or bounded by, once each. */
export async function readManagedPolicies(reading: Reading, iam: Holders): Promise<ManagedPolicy[]> {
  const arns = new Set<string>()
  const holders: readonly (IamUser | IamGroup | IamRole)[] = [...iam.users, ...iam.groups, ...iam.roles]
  for (const holder of holders) {
    const boundary: string | undefined = 'boundary' in holder ? holder.boundary : undefined
    const used = boundary === undefined ? holder.attached : [...holder.attached, boundary]
    for (const arn of used) if (parseArn(arn)?.account === 'aws') arns.add(arn)
  }
  let refused = false
  const read = await mapAtOnce([...arns].sort(), 4, async (arn) => {
    if (refused) return undefined
    const policy = await reading.part('managed-policies', false, undefined, () => readOne(reading, arn))
    refused ||= reading.unknown.some((part) => part.part === 'managed-policies' && isDenial(part.why))
    return policy
  })
  return read.filter((policy) => policy !== undefined)
}

function isDenial(why: string): boolean {
  return /AccessDenied|not authorized/.test(why)
}

async function readOne(reading: Reading, arn: string): Promise<ManagedPolicy> {
  const { client, api } = await reading.connection.iam()
  const words = `read the AWS-managed policy ${arnName(arn)}`
  const { Policy: policy } = await reading.must('iam:GetPolicy', words, () =>
    client.send(new api.GetPolicyCommand({ PolicyArn: arn })),
  )
  const id = policy?.DefaultVersionId ?? 'v1'
  const { PolicyVersion: version } = await reading.must('iam:GetPolicyVersion', words, () =>
    client.send(new api.GetPolicyVersionCommand({ PolicyArn: arn, VersionId: id })),
  )
  return {
    arn,
    name: policy?.PolicyName ?? arnName(arn),
    path: policy?.Path ?? '/',
    id: policy?.PolicyId ?? '',
    defaultVersion: id,
    versions: [{ id, document: decodeDocument(version?.Document) }],
    ...(policy?.Description ? { description: policy.Description } : {}),
  }
}
