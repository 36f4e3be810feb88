import type { OperationAction, OperationInputs, Request, Value } from '../plan/operation.ts'
import type { Tag } from '../snapshot/snapshot.ts'

/** A request as the AWS CLI takes it: `aws <service> <command> <options>`. Nothing is quoted yet. */
export interface AwsArguments {
  readonly service: Service
  readonly command: string
  readonly options: readonly AwsOption[]
}

export interface AwsOption {
  /** `--policy-name` */
  readonly flag: string
  /** The words that follow it; none for a switch. */
  readonly words: readonly Value[]
}

type Service = 'iam' | 'sagemaker' | 'sso-admin'
type CommandTable = {
  readonly [A in OperationAction]: readonly [Service, ...(readonly (keyof OperationInputs[A])[])]
}

/** The service of each action, and its members in the order in which a reader wants them. */
const commands: CommandTable = {
  CreateRole: [
    'iam',
    'RoleName',
    'Path',
    'AssumeRolePolicyDocument',
    'Description',
    'MaxSessionDuration',
    'PermissionsBoundary',
    'Tags',
  ],
  UpdateAssumeRolePolicy: ['iam', 'RoleName', 'PolicyDocument'],
  TagRole: ['iam', 'RoleName', 'Tags'],
  UntagRole: ['iam', 'RoleName', 'TagKeys'],
  DeleteRole: ['iam', 'RoleName'],
  CreatePolicy: ['iam', 'PolicyName', 'Path', 'PolicyDocument', 'Description', 'Tags'],
  CreatePolicyVersion: ['iam', 'PolicyArn', 'PolicyDocument', 'SetAsDefault'],
  SetDefaultPolicyVersion: ['iam', 'PolicyArn', 'VersionId'],
  DeletePolicyVersion: ['iam', 'PolicyArn', 'VersionId'],
  DeletePolicy: ['iam', 'PolicyArn'],
  TagPolicy: ['iam', 'PolicyArn', 'Tags'],
  UntagPolicy: ['iam', 'PolicyArn', 'TagKeys'],
  AttachUserPolicy: ['iam', 'UserName', 'PolicyArn'],
  AttachGroupPolicy: ['iam', 'GroupName', 'PolicyArn'],
  AttachRolePolicy: ['iam', 'RoleName', 'PolicyArn'],
  DetachUserPolicy: ['iam', 'UserName', 'PolicyArn'],
  DetachGroupPolicy: ['iam', 'GroupName', 'PolicyArn'],
  DetachRolePolicy: ['iam', 'RoleName', 'PolicyArn'],
  PutUserPolicy: ['iam', 'UserName', 'PolicyName', 'PolicyDocument'],
  PutGroupPolicy: ['iam', 'GroupName', 'PolicyName', 'PolicyDocument'],
  PutRolePolicy: ['iam', 'RoleName', 'PolicyName', 'PolicyDocument'],
  DeleteUserPolicy: ['iam', 'UserName', 'PolicyName'],
  DeleteGroupPolicy: ['iam', 'GroupName', 'PolicyName'],
  DeleteRolePolicy: ['iam', 'RoleName', 'PolicyName'],
  UpdateUserProfile: ['sagemaker', 'DomainId', 'UserProfileName', 'UserSettings'],
  AttachCustomerManagedPolicyReferenceToPermissionSet: [
    'sso-admin',
    'InstanceArn',
    'PermissionSetArn',
    'CustomerManagedPolicyReference',
  ],
  DetachCustomerManagedPolicyReferenceFromPermissionSet: [
    'sso-admin',
    'InstanceArn',
    'PermissionSetArn',
    'CustomerManagedPolicyReference',
  ],
  PutInlinePolicyToPermissionSet: ['sso-admin', 'InstanceArn', 'PermissionSetArn', 'InlinePolicy'],
  DeleteInlinePolicyFromPermissionSet: ['sso-admin', 'InstanceArn', 'PermissionSetArn'],
  ProvisionPermissionSet: ['sso-admin', 'InstanceArn', 'PermissionSetArn', 'TargetType'],
}

/** The AWS CLI's words for a request: version 1 and 2 read both back as exactly the request's input. */
export function awsArguments(request: Request): AwsArguments {
  const [service, ...members] = commands[request.action]
  const input: Readonly<Record<string, unknown>> = { ...request.input }
  const options = members.flatMap((member) => {
    const value = input[member]
    return value === undefined ? [] : [option(`--${kebab(member)}`, value)]
  })
  const command = kebab(request.action)
  if (!options.some(({ words }) => words.some(isFetched))) return { service, command, options }
  return { service, command, options: asInputJson(input) }
}

function option(flag: string, value: unknown): AwsOption {
  if (value === true) return { flag, words: [] }
  if (value === false) return { flag: flag.replace('--', '--no-'), words: [] }
  if (typeof value === 'number') return { flag, words: [String(value)] }
  if (typeof value === 'string' || isFromAnswer(value)) return { flag, words: [value] }
  if (!Array.isArray(value)) return { flag, words: [structure(value as object)] }
  if (value.every(isTag)) return { flag, words: tags(value) }
  // A list whose first word could be read as an option is written as JSON.
  const words = value.map(String)
  return { flag, words: words.every((word) => plain.test(word)) ? words : [JSON.stringify(words)] }
}

/** What the CLI's shorthand (`Key=a,Value=b`) carries as it is; everything else is written as JSON. */
const plain = /^[A-Za-z0-9_./:+@][A-Za-z0-9_./:+@-]*$/

function tags(list: readonly Tag[]): readonly string[] {
  const simple = list.every(({ Key, Value }) => plain.test(Key) && plain.test(Value))
  return simple && list.length > 0 ? list.map(structure) : [JSON.stringify(list)]
}

function structure(value: object): string {
  const members = Object.entries(value)
  const simple = members.every(([, member]) => typeof member === 'string' && plain.test(member))
  return simple ? members.map(([name, member]) => `${name}=${member}`).join(',') : JSON.stringify(value)
}

/** The CLI replaces `file://…`, and version 1 also `http://…`, by what it finds there. */
function isFetched(word: Value): boolean {
  return typeof word === 'string' && /^(?:file|fileb|https?):\/\//.test(word)
}

/** One JSON argument in place of options: inside it the CLI replaces nothing. */
function asInputJson(input: Readonly<Record<string, unknown>>): readonly AwsOption[] {
  const entries = Object.entries(input)
  const answers = entries.filter(([, value]) => isFromAnswer(value))
  const rest = entries.filter(([, value]) => !isFromAnswer(value))
  return [
    { flag: '--cli-input-json', words: [JSON.stringify(Object.fromEntries(rest), null, 2)] },
    ...answers.map(([member, value]) => option(`--${kebab(member)}`, value)),
  ]
}

/** Whether a member's value is to be read from the answer of an earlier operation. */
export function isFromAnswer(value: unknown): value is { readonly $from: string } {
  return typeof value === 'object' && value !== null && '$from' in value
}

function isTag(value: unknown): value is Tag {
  return typeof value === 'object' && value !== null && 'Key' in value && 'Value' in value
}

/** `CreatePolicyVersion` -> `create-policy-version` */
function kebab(name: string): string {
  return name.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()
}
