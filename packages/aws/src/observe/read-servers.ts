import type { MlflowApp, Tag, TrackingServer } from '@mlflow-iam/core/snapshot/snapshot'
import { given } from '../given.ts'
import { mapAtOnce } from '../read.ts'
import type { RegionNeed } from './needs.ts'
import type { Reading } from './reading.ts'

/** Reads tracking servers of a region: all by name, those that are needed with artifacts, role and tags. */
export async function readServers(
  reading: Reading,
  region: string,
  need: RegionNeed,
): Promise<TrackingServer[]> {
  const { client, api } = await reading.connection.sageMaker(region)
  const listed = await pages(async (NextToken) => {
    const page = await reading.must(
      'sagemaker:ListMlflowTrackingServers',
      `list the MLflow tracking servers of ${region}`,
      () => client.send(new api.ListMlflowTrackingServersCommand({ MaxResults: 100, ...NextToken })),
    )
    return [page.TrackingServerSummaries ?? [], page.NextToken]
  })
  return mapAtOnce(listed, 4, async (summary) => {
    const name = summary.TrackingServerName ?? ''
    const arn = summary.TrackingServerArn ?? ''
    const base = {
      arn,
      name,
      region,
      ...given('status', summary.TrackingServerStatus),
      ...given('mlflowVersion', summary.MlflowVersion),
    }
    if (need.names && !need.names.has(name)) return { ...base, tags: [] }
    const server = await reading.must(
      'sagemaker:DescribeMlflowTrackingServer',
      `read the tracking server ${name}`,
      () => client.send(new api.DescribeMlflowTrackingServerCommand({ TrackingServerName: name })),
    )
    return {
      ...base,
      ...given('size', server.TrackingServerSize),
      ...given('artifacts', server.ArtifactStoreUri),
      ...given('role', server.RoleArn),
      tags: await readTags(reading, region, arn, 'server-tags'),
    }
  })
}

/** Reads MLflow Apps of a region, as {@link readServers} does servers. Names are ids: `app-ABC123`. */
export async function readApps(reading: Reading, region: string, need: RegionNeed): Promise<MlflowApp[]> {
  const { client, api } = await reading.connection.sageMaker(region)
  const listed = await pages(async (NextToken) => {
    const page = await reading.must('sagemaker:ListMlflowApps', `list the MLflow Apps of ${region}`, () =>
      client.send(new api.ListMlflowAppsCommand({ MaxResults: 100, ...NextToken })),
    )
    return [page.Summaries ?? [], page.NextToken]
  })
  return mapAtOnce(listed, 4, async (summary) => {
    const arn = summary.Arn ?? ''
    const base = { arn, name: summary.Name ?? '', region, ...given('status', summary.Status) }
    if (need.names && !need.names.has(arn.slice(arn.lastIndexOf('/') + 1))) return { ...base, tags: [] }
    const app = await reading.must('sagemaker:DescribeMlflowApp', `read the MLflow App ${base.name}`, () =>
      client.send(new api.DescribeMlflowAppCommand({ Arn: arn })),
    )
    return {
      ...base,
      ...given('artifacts', app.ArtifactStoreUri),
      ...given('role', app.RoleArn),
      tags: await readTags(reading, region, arn, 'app-tags'),
    }
  })
}

async function readTags(reading: Reading, region: string, arn: string, part: string): Promise<Tag[]> {
  const { client, api } = await reading.connection.sageMaker(region)
  return reading.part<Tag[]>(part, false, [], async () => {
    const tags = await pages(async (NextToken) => {
      const page = await reading.must('sagemaker:ListTags', `read the tags of ${arn}`, () =>
        client.send(new api.ListTagsCommand({ ResourceArn: arn, MaxResults: 100, ...NextToken })),
      )
      return [page.Tags ?? [], page.NextToken]
    })
    return tags.map(({ Key, Value }) => ({ Key: Key ?? '', Value: Value ?? '' }))
  })
}

/** Collects all pages of a SageMaker or Identity Center list. */
export async function pages<T>(
  read: (token: { NextToken?: string }) => Promise<readonly [readonly T[], string | undefined]>,
): Promise<T[]> {
  const all: T[] = []
  let token: string | undefined
  do {
    const [items, next]: readonly [readonly T[], string | undefined] = await read(
      token === undefined ? {} : { NextToken: token },
    )
    all.push(...items)
    token = next && next !== token ? next : undefined
  } while (token !== undefined)
  return all
}
