import { bucketList, objectActions, serverList, uiReads } from '../personas/also-needs.ts'
import { bucketArn, type Home, objectsArn, sageMakerArn } from '../policy/arn.ts'
import type { ConditionBlock } from '../policy/document.ts'
import { canonicalJson } from '../policy/hash.ts'
import { joinConditions, type StatementDraft, sortedUnique } from '../policy/statement-draft.ts'
import type { AccessUnit } from './access-unit.ts'
import { serverSid } from './server-sid.ts'
import type { TargetServer } from './target.ts'

const toSageMaker: ConditionBlock = { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } }

/** The statements of one access unit, in a fixed order. `passable` are the roles it may hand to SageMaker. */
export function unitStatements(
  home: Home,
  unit: AccessUnit,
  passable: readonly string[],
): readonly StatementDraft[] {
  const drafts: StatementDraft[] = []
  const here = unit.servers.filter((server) => !server.via)
  const trackingServers = here.filter((server) => server.kind === 'tracking-server')
  const apps = unit.servers.filter((server) => server.kind === 'app')
  for (const group of groupByCondition(trackingServers)) drafts.push(...serverStatements(unit, group))
  if (apps.length > 0) drafts.push(...appStatements(unit, apps))
  drafts.push(...accountWideStatement(unit, trackingServers, apps))
  drafts.push(...assumeStatement(unit))
  drafts.push(...artifactStatements(home, unit, unit.servers))
  // A role can be passed only within its own account, and that of another is operated there.
  if (unit.alsoNeeds.includes('iam:PassRole') && passable.length > 0 && !isAllElsewhere(unit)) {
    drafts.push({ sid: 'PassRole', actions: ['iam:PassRole'], resources: passable, condition: toSageMaker })
  }
  if (unit.alsoNeeds.includes('sagemaker:CreateModelPackageGroup'))
    drafts.push(...registryStatements(home, unit))
  return drafts.map((draft) => {
    const condition = joinConditions(draft.condition, unit.conditions)
    return condition ? { ...draft, condition } : draft
  })
}

function serverStatements(unit: AccessUnit, servers: readonly TargetServer[]): readonly StatementDraft[] {
  const resources = servers.map((server) => server.resource)
  const tagged = servers[0]?.condition
  const on = (sid: string, actions: readonly string[], condition = tagged): StatementDraft[] =>
    actions.length === 0 ? [] : [{ sid, actions, resources, ...(condition ? { condition } : {}) }]

  const operations = unit.alsoNeeds.filter((name) => /^sagemaker:(?!List)\w*MlflowTrackingServer/u.test(name))
  const create = operations.filter((name) => name === 'sagemaker:CreateMlflowTrackingServer')
  const onServer = operations.filter((name) => name !== 'sagemaker:CreateMlflowTrackingServer')
  return [
    ...on('MlflowActions', unit.wildcard ? ['sagemaker-mlflow:*'] : mlflowActionsOn(unit)),
    ...on(
      'OpenUi',
      unit.ui
        ? ['sagemaker:CreatePresignedMlflowTrackingServerUrl', 'sagemaker:DescribeMlflowTrackingServer']
        : [],
    ),
    ...on('OperateServers', tagged ? onServer : operations),
    // A server that does not exist yet has no tags: what counts is the tag that the request asks for.
    ...(tagged ? on('CreateServers', create, requestTags(tagged)) : []),
    ...on(
      'TagNewServers',
      operations.length > 0 && unit.alsoNeeds.includes('sagemaker:AddTags') ? ['sagemaker:AddTags'] : [],
      joinConditions(
        { StringEquals: { 'sagemaker:TaggingAction': 'CreateMlflowTrackingServer' } },
        tagged ? requestTags(tagged) : undefined,
      ),
    ),
  ]
}

/**
 * A server of another account: the client assumes a role there for the API and keeps its own credentials for S3
 * (plugin sagemaker-mlflow, SAGEMAKER_MLFLOW_ASSUME_ROLE_ARN). MLflow actions on that server would be useless here:
 * tracking servers have no resource policy, so it is the role that needs them, and the UI's two with them. The Sid says
 * which server it is for, which nothing else in this account would tell.
 */
function assumeStatement(unit: AccessUnit): readonly StatementDraft[] {
  if (unit.actions.length === 0 && serverReads(unit).length === 0) return []
  return unit.servers.flatMap(({ resource, via }): StatementDraft[] =>
    via ? [{ sid: serverSid(resource), actions: ['sts:AssumeRole'], resources: [via], telling: true }] : [],
  )
}

/** The control-plane actions that clients need to look at a server and open its UI. */
export function serverReads(unit: AccessUnit): readonly string[] {
  return sortedUnique([
    ...(unit.ui ? uiReads : []),
    ...unit.alsoNeeds.filter((name) => /^sagemaker:(Describe|CreatePresigned)Mlflow/u.test(name)),
  ])
}

/** Whether every server of a unit is of another account. */
export function isAllElsewhere(unit: AccessUnit): boolean {
  return unit.servers.length > 0 && unit.servers.every((server) => server.via !== undefined)
}

/** An App has one action for everything its clients do (AWS guide, "Set up IAM permissions for MLflow Apps"). */
function appStatements(unit: AccessUnit, apps: readonly TargetServer[]): readonly StatementDraft[] {
  const resources = apps.map((app) => app.resource)
  const calls = unit.actions.length > 0 ? ['sagemaker:CallMlflowAppApi'] : []
  const opens = unit.ui ? ['sagemaker:CreatePresignedMlflowAppUrl', 'sagemaker:DescribeMlflowApp'] : []
  const actions = [...calls, ...opens]
  return [
    ...(actions.length === 0 ? [] : [{ sid: 'CallApps', actions, resources }]),
    ...compatibleStatements(
      unit,
      apps.filter((app) => app.compatible),
    ),
  ]
}

/**
 * The tracking servers' actions on Apps: AWS's pages differ on whether Apps ask for them. The service authorization
 * reference gives them no App as resource, hence only where the file says so.
 */
function compatibleStatements(unit: AccessUnit, apps: readonly TargetServer[]): readonly StatementDraft[] {
  const actions = unit.wildcard ? ['sagemaker-mlflow:*'] : mlflowActionsOn(unit)
  if (apps.length === 0 || actions.length === 0) return []
  return [{ sid: 'CompatibleApps', actions, resources: apps.map((app) => app.resource) }]
}

/** Full names of what takes a resource. */
export function mlflowActionsOn(unit: AccessUnit): readonly string[] {
  return unit.actions.filter((name) => name !== 'AccessUI').map((name) => `sagemaker-mlflow:${name}`)
}

/** Actions that take no resource: the service authorization reference gives them "*" only. */
function accountWideStatement(
  unit: AccessUnit,
  servers: readonly TargetServer[],
  apps: readonly TargetServer[],
): readonly StatementDraft[] {
  const opensUi = servers.length > 0 || apps.some((app) => app.compatible)
  const actions = [
    ...(unit.ui && opensUi ? ['sagemaker-mlflow:AccessUI'] : []),
    ...(servers.length > 0 && (unit.ui || unit.alsoNeeds.includes(serverList)) ? [serverList] : []),
    ...(unit.ui && apps.length > 0 ? ['sagemaker:ListMlflowApps'] : []),
  ]
  return actions.length === 0 ? [] : [{ sid: 'AccountWide', actions, resources: ['*'] }]
}

/** Clients reach artifacts with their own credentials, not through the server (measured with MLflow 2.13 to 3.0). */
export function artifactStatements(
  home: Home,
  unit: AccessUnit,
  servers: readonly TargetServer[],
): readonly StatementDraft[] {
  const { read, write, list } = unit.s3
  if (!read && !write && !list) return []
  const places = servers.flatMap((server) => server.artifacts)
  const keys = sortedUnique(servers.flatMap((server) => server.kms))
  // Runs and models write anywhere below the prefix; whoever does neither writes traces only.
  const onlyTraces =
    write && !read && !list && !unit.actions.some((name) => name === 'LogModel' || name === 'CreateRun')
  const objects = sortedUnique(
    places.map(({ bucket, prefix }) => objectsArn(home, bucket, onlyTraces ? tracePrefix(prefix) : prefix)),
  )
  const onObjects = objectActions({ read, write })
  const keyActions = [...(read || write ? ['kms:Decrypt'] : []), ...(write ? ['kms:GenerateDataKey'] : [])]
  return [
    ...(objects.length > 0 && onObjects.length > 0
      ? [{ sid: 'ArtifactObjects', actions: onObjects, resources: objects }]
      : []),
    ...(list ? listStatements(home, places) : []),
    ...(keys.length > 0 && keyActions.length > 0
      ? [{ sid: 'ArtifactKeys', actions: keyActions, resources: keys }]
      : []),
  ]
}

/** Traces lie at `<prefix>/<experiment>/traces/<trace>/artifacts/traces.json`. */
function tracePrefix(prefix: string): string {
  return prefix === '' ? '*/traces' : `${prefix}/*/traces`
}

function listStatements(
  home: Home,
  places: readonly { bucket: string; prefix: string }[],
): readonly StatementDraft[] {
  const prefixes = new Map<string, string[]>()
  for (const { bucket, prefix } of places) prefixes.set(bucket, [...(prefixes.get(bucket) ?? []), prefix])
  return [...prefixes].map(([bucket, list]) => ({
    sid: 'ListArtifacts',
    actions: [bucketList],
    resources: [bucketArn(home, bucket)],
    ...(list.includes('')
      ? {}
      : {
          condition: {
            StringLike: { 's3:prefix': sortedUnique(list.flatMap((prefix) => [prefix, `${prefix}/*`])) },
          },
        }),
  }))
}

function registryStatements(home: Home, unit: AccessUnit): readonly StatementDraft[] {
  const regions = sortedUnique(unit.servers.filter((server) => !server.via).map((server) => server.region))
  const actions = unit.alsoNeeds.filter((name) =>
    /ModelPackage|^sagemaker:(AddTags|CreateAction|AddAssociation)$/u.test(name),
  )
  const resources = regions.flatMap((region) => [
    sageMakerArn(home, region, 'model-package/*'),
    sageMakerArn(home, region, 'model-package-group/*'),
  ])
  return resources.length === 0 ? [] : [{ sid: 'ModelRegistry', actions, resources }]
}

function requestTags(tagged: ConditionBlock): ConditionBlock {
  const tags = Object.entries(tagged.StringEquals ?? {})
  return {
    StringEquals: Object.fromEntries(
      tags.map(([key, value]) => [key.replace('aws:ResourceTag/', 'aws:RequestTag/'), value]),
    ),
  }
}

function groupByCondition(servers: readonly TargetServer[]): readonly (readonly TargetServer[])[] {
  const groups = new Map<string, TargetServer[]>()
  for (const server of servers) {
    const key = canonicalJson(server.condition ?? null)
    groups.set(key, [...(groups.get(key) ?? []), server])
  }
  return [...groups.values()]
}
