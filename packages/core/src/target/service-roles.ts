import { mlflowActions } from '../catalog/actions.ts'
import type { GrantsFile, SageMakerRole, TrackingServerRole } from '../grants/grants-file.ts'
import { finding } from '../plan/findings.ts'
import type { Finding } from '../plan/plan.ts'
import { bucketArn, type Home, iamArn, objectsArn, sageMakerArn } from '../policy/arn.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { type StatementDraft, sortedUnique } from '../policy/statement-draft.ts'
import { type AccessUnit, sortServers } from './access-unit.ts'
import type { AccountIndex } from './account-index.ts'
import {
  documentedSageMakerPolicy,
  documentedTrackingServerPolicy,
  sageMakerTrust,
} from './guide-policies.ts'
import type { InputIssues } from './input-issues.ts'
import { isOwnedRole, ownerTags } from './owned.ts'
import { isElsewhere } from './resolve-servers.ts'
import type { TargetRole, TargetServer } from './target.ts'
import { unitStatements } from './unit-statements.ts'

/** A service role that should exist, and the permissions that belong to it: a document, statements, or nothing. */
export interface ServiceRole {
  readonly role: TargetRole
  /** The guide's document. */
  readonly policy?: PolicyDocument
  /** Our own statements, where the guide's document is not asked for. */
  readonly statements?: readonly StatementDraft[]
  readonly documented: boolean
  /** The servers that it is scoped to; the guide's documents reach beyond them. */
  readonly servers: readonly TargetServer[]
}

/** The two roles of the AWS guide, as the file asks for them. */
export function serviceRoles(
  file: GrantsFile,
  home: Home,
  account: AccountIndex,
  servers: readonly TargetServer[],
  issues: InputIssues,
): { roles: readonly ServiceRole[]; findings: readonly Finding[] } {
  const findings: Finding[] = []
  const roles: ServiceRole[] = []
  const server = file.roles['tracking-server']
  const client = file.roles.sagemaker
  if (server) {
    const role = targetRole('tracking-server', server, file, home, account, issues, findings)
    if (server.policy === 'documented') {
      findings.push(
        finding(
          'documented-wildcards',
          `Role ${server.name} gets the AWS guide's policy: S3 and model registry on every resource ("*").`,
          { principal: role.arn },
        ),
      )
      roles.push({ role, policy: documentedTrackingServerPolicy, documented: true, servers })
    } else {
      // Servers of other accounts run with roles of their own there.
      const own = servers.filter((each) => !isElsewhere(each, home.account))
      const statements = trackingServerStatements(server, home, own, role, findings)
      roles.push({ role, ...(statements.length > 0 ? { statements } : {}), documented: false, servers: own })
    }
  }
  if (client) {
    const role = targetRole('sagemaker', client, file, home, account, issues, findings)
    if (client.policy === 'documented') {
      findings.push(
        finding(
          'documented-wildcards',
          `Role ${client.name} gets the AWS guide's policy: every MLflow action on every server ("*"), without PassRole and DescribeMlflowTrackingServer.`,
          { principal: role.arn },
        ),
      )
      roles.push({ role, policy: documentedSageMakerPolicy, documented: true, servers })
    } else {
      const statements = unitStatements(
        home,
        operatorUnit(servers),
        passableRoles(client, server, home, account),
      )
      roles.push({ role, statements, documented: false, servers })
    }
  }
  if (server && client && server.name.toLowerCase() === client.name.toLowerCase()) {
    findings.push(
      finding(
        'one-role-for-both',
        `Role ${server.name} is both the server's and the clients': whoever uses it holds the server's S3 and registry rights too.`,
        { principal: roles[0]?.role.arn ?? '' },
      ),
    )
  }
  return { roles, findings }
}

function targetRole(
  purpose: 'tracking-server' | 'sagemaker',
  wanted: TrackingServerRole | SageMakerRole,
  file: GrantsFile,
  home: Home,
  account: AccountIndex,
  issues: InputIssues,
  findings: Finding[],
): TargetRole {
  const found = account.role(wanted.name)
  const path = `roles.${purpose}`
  if (found && !wanted.existing && !isOwnedRole(found, file.name)) {
    issues.add(
      `${path}.name`,
      `A role named ${wanted.name} is there already and is not ours.`,
      `${found.arn} has no tag mlflow-iam:grants=${file.name}, so it is never changed.`,
      'Say existing: true to attach our policy to it, or choose another name.',
    )
  }
  if (!found && wanted.existing) {
    issues.add(
      `${path}.name`,
      `There is no role ${wanted.name} to use.`,
      `existing: true means that it is there already, in account ${home.account}.`,
      'Correct the name, or leave existing out to have the role created.',
    )
  }
  if (found && wanted.existing && !trustsSageMaker(found.trust)) {
    findings.push(
      finding(
        'role-does-not-trust-sagemaker',
        `Role ${found.name} does not trust sagemaker.amazonaws.com, so SageMaker cannot use it. Its trust is not ours to change.`,
        { principal: found.arn },
      ),
    )
  }
  return {
    arn: found?.arn ?? iamArn(home, 'role', '/', wanted.name),
    name: found?.name ?? wanted.name,
    path: found?.path ?? '/',
    purpose,
    existing: wanted.existing,
    trust: sageMakerTrust(wanted.trust.sourceAccount ? home.account : undefined),
    description:
      purpose === 'tracking-server'
        ? 'Used by MLflow tracking servers to reach artifacts and the model registry'
        : 'Used by SageMaker clients to call MLflow and manage tracking servers',
    tags: ownerTags(file.name),
  }
}

/** Whether a trust policy lets SageMaker assume the role; false for text that is no policy. */
export function trustsSageMaker(trust: string): boolean {
  try {
    return JSON.stringify(JSON.parse(trust)).includes('"sagemaker.amazonaws.com"')
  } catch {
    return false
  }
}

/** Narrower than the guide: the named buckets, and the registry only where asked for. */
function trackingServerStatements(
  wanted: TrackingServerRole,
  home: Home,
  servers: readonly TargetServer[],
  role: TargetRole,
  findings: Finding[],
): readonly StatementDraft[] {
  const places =
    wanted.buckets.length > 0
      ? wanted.buckets.map((bucket) => ({ bucket, prefix: '' }))
      : servers.filter((server) => server.kind === 'tracking-server').flatMap((server) => server.artifacts)
  if (places.length === 0) {
    findings.push(
      finding(
        'artifacts-unknown',
        `Role ${wanted.name} gets no S3 access: neither its buckets nor the artifact places of servers are known. Name buckets.`,
        { principal: role.arn },
      ),
    )
  }
  const regions = sortedUnique(servers.map((server) => server.region))
  const registry = regions.flatMap((region) =>
    ['action/*', 'artifact/*', 'context/*', 'model-package/*', 'model-package-group/*'].map((kind) =>
      sageMakerArn(home, region, kind),
    ),
  )
  return [
    ...(places.length > 0
      ? [
          {
            sid: 'ArtifactObjects',
            actions: ['s3:GetObject', 's3:PutObject'],
            resources: places.map(({ bucket, prefix }) => objectsArn(home, bucket, prefix)),
          },
          {
            sid: 'ListArtifacts',
            actions: ['s3:ListBucket'],
            resources: places.map(({ bucket }) => bucketArn(home, bucket)),
          },
        ]
      : []),
    ...(wanted.kms.length > 0
      ? [{ sid: 'ArtifactKeys', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: wanted.kms }]
      : []),
    ...(wanted.registry && registry.length > 0
      ? [
          {
            sid: 'ModelRegistry',
            actions: [
              'AddAssociation',
              'AddTags',
              'CreateAction',
              'CreateModelPackage',
              'CreateModelPackageGroup',
              'DescribeModelPackageGroup',
              'UpdateModelPackage',
            ].map((name) => `sagemaker:${name}`),
            resources: registry,
          },
        ]
      : []),
  ]
}

/** What the guide lets the SageMaker role do, on the file's servers only and with what the guide leaves out. */
function operatorUnit(servers: readonly TargetServer[]): AccessUnit {
  const operate = ['Create', 'Delete', 'Describe', 'Start', 'Stop', 'Update'].map(
    (verb) => `sagemaker:${verb}MlflowTrackingServer`,
  )
  return {
    key: 'sagemaker-role',
    hash: '',
    word: 'sagemaker',
    personas: [],
    actions: mlflowActions.map((action) => action.bare).sort(),
    added: [],
    removed: [],
    wildcard: false,
    ui: true,
    s3: { read: true, write: true, list: true },
    alsoNeeds: [...operate, 'sagemaker:ListMlflowTrackingServers', 'sagemaker:AddTags', 'iam:PassRole'],
    servers: sortServers(servers.filter((server) => server.kind === 'tracking-server')),
    purpose: 'the SageMaker role',
  }
}

function passableRoles(
  client: SageMakerRole,
  server: TrackingServerRole | undefined,
  home: Home,
  account: AccountIndex,
): readonly string[] {
  const names = client.passes.length > 0 ? client.passes : server ? [server.name] : []
  return sortedUnique(names.map((name) => account.role(name)?.arn ?? iamArn(home, 'role', '/', name)))
}
