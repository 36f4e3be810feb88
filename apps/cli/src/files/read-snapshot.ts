import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { readInput } from './read-input.ts'
import { type Shape, shapeFault } from './shape.ts'

const tags: Shape = { list: { fields: { Key: 'text', Value: 'text' } } }
const inline: Shape = { list: { fields: { name: 'text', document: 'text' } } }
const principal = {
  arn: 'text',
  name: 'text',
  path: 'text',
  id: 'text',
  inline,
  attached: { list: 'text' },
} as const

const snapshotShape: Shape = {
  fields: {
    takenAt: 'text',
    account: 'text',
    partition: 'text',
    region: 'text',
    users: { list: { fields: { ...principal, groups: { list: 'text' }, tags } } },
    groups: { list: { fields: principal } },
    roles: { list: { fields: { ...principal, tags, trust: 'text' } } },
    policies: {
      list: {
        fields: {
          arn: 'text',
          name: 'text',
          path: 'text',
          id: 'text',
          defaultVersion: 'text',
          versions: { list: { fields: { id: 'text', document: 'text' } } },
        },
      },
    },
    servers: { list: { fields: { arn: 'text', name: 'text', region: 'text', tags } } },
    apps: { list: { fields: { arn: 'text', name: 'text', region: 'text', tags } } },
    domains: { list: { fields: { id: 'text', arn: 'text', name: 'text', region: 'text' } } },
    profiles: { list: { fields: { domain: 'text', name: 'text', arn: 'text', region: 'text' } } },
    permissionSets: {
      list: {
        fields: {
          arn: 'text',
          instanceArn: 'text',
          name: 'text',
          managedPolicies: { list: 'text' },
          customerManaged: { list: { fields: { name: 'text', path: 'text' } } },
          accounts: { list: 'text' },
        },
      },
    },
    unknown: {
      list: { fields: { part: 'text', action: 'text', why: 'text', notOffered: { optional: 'boolean' } } },
    },
  },
}

/** Reads what `mlflow-iam snapshot` saved. Anything else is exit 3 with the place that is wrong. */
export function readSnapshot(path: string): Snapshot {
  const value = parseJson(readInput(path, 'snapshot'), path, 'snapshot')
  const wrong = (why: string) =>
    new Problem('INVALID_SNAPSHOT', `${JSON.stringify(path)} is not a snapshot.`, {
      why,
      fix: ['Write one with: mlflow-iam snapshot -o FILE'],
      exit: exitCodes.badInput,
    })
  const version =
    typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined
  if (version !== 1) throw wrong(`Its version is ${JSON.stringify(version)}; this program reads version 1.`)
  const fault = shapeFault(value, snapshotShape)
  if (fault) throw wrong(fault)
  const snapshot = value as Snapshot
  if (!/^\d{12}$/.test(snapshot.account)) throw wrong('account is not twelve digits.')
  if (snapshot.partition !== 'aws' && snapshot.partition !== 'aws-us-gov')
    throw wrong('partition is unknown.')
  return snapshot
}

/** JSON of an input file, or exit 3. */
export function parseJson(text: string, path: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Problem('INVALID_JSON', `The ${what} ${JSON.stringify(path)} is not JSON.`, {
      why: error instanceof Error ? error.message : String(error),
      fix: [`Check that it is the ${what} that this program wrote.`],
      exit: exitCodes.badInput,
      cause: error,
    })
  }
}
