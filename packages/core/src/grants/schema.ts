import { builtInPersonas } from '../personas/built-in.ts'
import {
  accountId,
  artifactsUri,
  bucketName,
  kmsKeyArn,
  mlflowAppArn,
  regionName,
  roleArn,
  serverArn,
} from './rules/aws.ts'
import { actionText, appAccess, partitionName, permissionSetPolicy, rolePolicy } from './rules/choices.ts'
import { endTime } from './rules/end-time.ts'
import {
  awsProfileName,
  fileName,
  ownRoleName,
  permissionSetName,
  personaName,
  personaTitle,
  policyName,
  roleName,
  serverName,
} from './rules/names.ts'
import { cidrBlock, vpcEndpointId, vpcId } from './rules/network.ts'
import { handMadePolicy } from './rules/policy.ts'
import { principalText, profileText } from './rules/principal.ts'
import { excludedPairs } from './rules/server-kinds.ts'
import { tagKey, tagValue } from './rules/tags.ts'
import {
  type ContentOf,
  closed,
  emptyOr,
  exactly,
  flag,
  listOf,
  mapOf,
  oneOrMany,
  optional,
  text,
} from './shape.ts'

/** A persona by name: suggestions for the built-in ones, and the pattern of custom ones. */
const personaReference = text(
  { complain: () => undefined, keywords: {} },
  {
    id: 'PersonaName',
    title: 'Persona',
    description: 'A built-in persona, or one under `personas`.',
    anyOf: [
      { enum: builtInPersonas.map((persona) => persona.name) },
      { pattern: personaName.keywords.pattern },
    ],
  },
)

const action = text(actionText, { id: 'Action' })
const actions = (description: string) => oneOrMany(action, { description })
const keys = oneOrMany(text(kmsKeyArn, { id: 'KmsKey' }), {
  id: 'KmsKeys',
  description: 'KMS keys that encrypt the artifacts, by ARN.',
})
const tagName = text(tagKey, { id: 'TagKey' })
const tagText = text(tagValue, { id: 'TagValue' })
const tags = (description: string, notes = {}) => mapOf(tagName, tagText, { description, ...notes })

const server = closed(
  {
    region: optional(text(regionName, { description: "Region of the server, where it is not the file's." })),
    artifacts: optional(text(artifactsUri)),
    kms: optional(keys),
    planned: optional(
      flag({ description: 'The server does not exist yet. Without it an unknown server is an error.' }),
    ),
    arn: optional(text(serverArn, { description: 'The tracking server with this ARN.' })),
    tag: optional(tags('Every tracking server with these tags, now and later.', { minProperties: 1 })),
    all: optional(exactly(true, { description: 'Every tracking server of this account and Region.' })),
    app: optional(text(mlflowAppArn, { description: 'An MLflow App. It needs `access: full`.' })),
    access: optional(
      text(appAccess, {
        description: 'full: an App has one action for everything, and this says that you know.',
      }),
    ),
    via: optional(
      text(roleArn, {
        description:
          "For a server of another account, named by `arn`: the role there that the MLflow client assumes. S3 keeps the caller's own credentials.",
      }),
    ),
    compatible: optional(
      flag({
        description:
          "For an App: also the tracking servers' actions on the App's ARN. AWS's pages differ on whether Apps need them.",
      }),
    ),
  },
  {
    id: 'Server',
    title: 'Server',
    description:
      "An MLflow tracking server, several, or an MLflow App. Without `arn`, `tag`, `all` or `app`, its key is the server's name.",
    not: { anyOf: excludedPairs().map((pair) => ({ required: pair })) },
    dependentRequired: { app: ['access'], access: ['app'], via: ['arn'], compatible: ['app'] },
  },
)

const trust = closed(
  {
    sourceAccount: optional(
      flag({
        description:
          'Adds aws:SourceAccount to the trust policy. Off by default: AWS does not document that SageMaker sends it here.',
      }),
    ),
  },
  { id: 'Trust', description: 'Extra conditions on who may assume the role.' },
)

const role = text(roleName, { id: 'RoleName' })

const roleParts = {
  name: text(ownRoleName, { id: 'OwnRoleName' }),
  policy: optional(text(rolePolicy, { id: 'RolePolicy' })),
  existing: optional(
    flag({
      description: 'Use a role that is there: our policy is attached to it, and its other policies stay.',
    }),
  ),
  trust: optional(trust),
}

const trackingServerRole = closed(
  {
    ...roleParts,
    buckets: optional(
      oneOrMany(text(bucketName, { id: 'BucketName' }), {
        description: 'Buckets that servers keep artifacts in.',
      }),
    ),
    kms: optional(keys),
    registry: optional(flag({ description: 'Servers register models in the SageMaker Model Registry.' })),
  },
  {
    id: 'TrackingServerRole',
    title: 'Tracking server role',
    description: 'The role that tracking servers run with.',
  },
)

const sageMakerRole = closed(
  {
    ...roleParts,
    passes: optional(oneOrMany(role, { description: 'Roles that it may pass to SageMaker.' })),
  },
  {
    id: 'SageMakerRole',
    title: 'SageMaker role',
    description: 'The role of notebooks and jobs that create tracking servers.',
  },
)

const customPersona = closed(
  {
    extends: optional(oneOrMany(personaReference, { description: 'Personas that it begins with.' })),
    add: optional(actions('Actions that it has beside those.')),
    remove: optional(actions('Actions that it lacks.')),
    title: optional(text(personaTitle)),
  },
  { id: 'Persona', title: 'Persona', description: 'A named set of actions of your own.' },
)

const conditions = closed(
  {
    mfa: optional(
      flag({
        description:
          'Only when signed in with MFA: users, and roles that users assume. Roles of services and permission sets never show it.',
      }),
    ),
    ip: optional(
      oneOrMany(text(cidrBlock, { id: 'AddressBlock' }), { description: 'Only from these addresses.' }),
    ),
    vpce: optional(
      oneOrMany(text(vpcEndpointId, { id: 'VpcEndpoint' }), {
        description:
          'Only through these VPC endpoints. Each service has its own: name that of SageMaker, and that of S3 for artifacts.',
      }),
    ),
    vpc: optional(oneOrMany(text(vpcId, { id: 'Vpc' }), { description: 'Only from these VPCs.' })),
    'session-tags': optional(tags('Only with these principal or session tags.')),
  },
  { id: 'Conditions', title: 'Conditions', description: 'When the grant holds. All of them must be met.' },
)

const grant = closed(
  {
    to: oneOrMany(text(principalText, { id: 'Principal' }), { description: 'Who gets it.' }, 1),
    persona: optional(oneOrMany(personaReference, { description: 'What they may do; several are a union.' })),
    on: optional(
      oneOrMany(
        text(serverName, { id: 'ServerKey' }),
        { description: 'Keys of `servers`. Left out, every server listed.' },
        1,
      ),
    ),
    add: optional(actions("Single actions beside the persona's.")),
    remove: optional(actions('Single actions that this grant does not give.')),
    until: optional(text(endTime)),
    when: optional(conditions),
    'policy-name': optional(
      text(policyName, { description: 'Fixes the name of the policy, which is made up otherwise.' }),
    ),
  },
  {
    id: 'Grant',
    title: 'Grant',
    description: 'Who may do what on which servers: (personas + add) - remove.',
    anyOf: [{ required: ['persona'] }, { required: ['add'] }],
  },
)

const split = closed(
  { role: optional(text(ownRoleName, { description: 'The name of the new role; made up otherwise.' })) },
  {
    id: 'Split',
    title: 'Split',
    description: 'A role of its own for a profile that shares one: the trust policy and policies are copied.',
  },
)

const permissionSet = closed(
  { policy: optional(text(permissionSetPolicy, { id: 'PermissionSetPolicy' })) },
  { id: 'PermissionSet', title: 'Permission set', description: 'How a permission set holds its grants.' },
)

const fileAccount = closed(
  {
    profile: text(awsProfileName, { description: 'The profile of the AWS CLI that signs in to it.' }),
    region: optional(text(regionName, { description: "Default Region there, where it is not the file's." })),
  },
  { id: 'FileAccount', title: 'Account', description: 'One of the accounts that the file is for.' },
)

/** The grants file. Checking, the editor schema and the reference page all come from here. */
export const grantsSchema = closed(
  {
    version: exactly(1, { title: 'Version', description: 'The version of this format: 1.' }),
    name: text(fileName),
    account: optional(text(accountId)),
    partition: optional(text(partitionName)),
    region: optional(text(regionName, { description: 'Default Region of servers.' })),
    servers: optional(
      emptyOr(
        mapOf(text(serverName), emptyOr(server), {
          description: 'The servers that grants speak of, by key.',
        }),
      ),
    ),
    roles: optional(
      emptyOr(
        closed(
          { 'tracking-server': optional(trackingServerRole), sagemaker: optional(sageMakerRole) },
          { description: 'The two service roles of the AWS guide. Leave one out to skip it.' },
        ),
      ),
    ),
    personas: optional(
      emptyOr(mapOf(text(personaName), customPersona, { description: 'Personas of your own, by name.' })),
    ),
    grants: optional(emptyOr(listOf(grant, { description: 'Who may do what.' }))),
    split: optional(
      emptyOr(
        mapOf(text(profileText), emptyOr(split), {
          description: 'Profiles that get an execution role of their own.',
        }),
      ),
    ),
    adopt: optional(
      oneOrMany(text(handMadePolicy, { id: 'HandMadePolicy' }), {
        description:
          'Hand-made policies that the grants replace: detached from whoever the file lists, once its own are attached; an inline policy is deleted from its holder.',
      }),
    ),
    'permission-sets': optional(
      emptyOr(
        mapOf(text(permissionSetName), emptyOr(permissionSet), {
          description: 'Permission sets that hold their grants otherwise than by reference.',
        }),
      ),
    ),
    accounts: optional(
      emptyOr(
        mapOf(text(accountId), fileAccount, {
          description:
            'Several accounts that get the same access, each with its profile. Instead of `account`.',
        }),
      ),
    ),
  },
  {
    title: 'mlflow-iam grants file',
    description: 'IAM access for MLflow on Amazon SageMaker AI: the desired state.',
  },
)

/** The content of a file that follows the schema, as written: shorthands and all. */
export type GrantsContent = ContentOf<typeof grantsSchema>
