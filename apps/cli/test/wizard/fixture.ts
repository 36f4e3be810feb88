import type { IamUser, Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { splitKeys } from '../../src/wizard/keys.ts'
import { initialModel, type Model } from '../../src/wizard/model.ts'
import { readToday } from '../../src/wizard/read-today.ts'
import { update } from '../../src/wizard/update.ts'

const account = '123456789012'
export const day = '2026-11-24'
const now = new Date(`${day}T12:00:00Z`)

export function user(name: string, more: Partial<IamUser> = {}): IamUser {
  return {
    arn: `arn:aws:iam::${account}:user/${name}`,
    name,
    path: '/',
    id: `AIDA${name}`,
    inline: [],
    attached: [],
    groups: [],
    tags: [],
    ...more,
  }
}

const legacy = {
  arn: `arn:aws:iam::${account}:policy/LegacyMLAccess`,
  name: 'LegacyMLAccess',
  path: '/',
  id: 'ANPALEGACY',
  defaultVersion: 'v1',
  versions: [
    {
      id: 'v1',
      document: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['sagemaker-mlflow:GetRun', 'sagemaker-mlflow:LogMetric'],
            Resource: '*',
          },
        ],
      }),
    },
  ],
}

/** A small account: users, two servers, profiles that share a role, and a foreign policy on ana. */
export function snapshotOf(
  users: readonly IamUser[] = [user('ana', { attached: [legacy.arn] }), user('ben'), user('chen')],
): Snapshot {
  const server = (name: string) => ({
    arn: `arn:aws:sagemaker:eu-west-1:${account}:mlflow-tracking-server/${name}`,
    name,
    region: 'eu-west-1',
    status: 'Created',
    tags: [],
  })
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  })
  const role = {
    arn: `arn:aws:iam::${account}:role/ds-shared`,
    name: 'ds-shared',
    path: '/',
    id: 'AROADS',
    inline: [],
    attached: [],
    tags: [],
    trust,
  }
  const profile = (name: string) => ({
    domain: 'd-abc',
    name,
    arn: `arn:aws:sagemaker:eu-west-1:${account}:user-profile/d-abc/${name}`,
    region: 'eu-west-1',
    role: role.arn,
  })
  return {
    version: 1,
    takenAt: now.toISOString(),
    account,
    partition: 'aws',
    region: 'eu-west-1',
    alias: 'ml-team',
    caller: `arn:aws:sts::${account}:assumed-role/Admin/ana`,
    users,
    groups: [],
    roles: [role],
    policies: [legacy],
    servers: [server('ml-dev'), server('ml-prod')],
    apps: [],
    domains: [],
    profiles: [profile('dara'), profile('elif'), profile('farid')],
    permissionSets: [],
    unknown: [],
  }
}

/** A wizard that has read the account and stands on Account. */
export function signedIn(snapshot: Snapshot = snapshotOf()): Model {
  let model: Model = {
    ...initialModel({ columns: 80, rows: 24, ascii: false, name: 'team', shellFlags: '', day }),
    screen: 'account',
  }
  const choice = { name: 'sandbox', signIn: 'keys', session: '', expired: false }
  for (const message of [
    { type: 'choices', choices: [choice] },
    { type: 'identified', identity: { account, arn: snapshot.caller ?? '', region: 'eu-west-1' }, choice },
    { type: 'observed', snapshot },
    { type: 'evaluated', today: readToday(snapshot, 'team', now), snapshot },
  ] as const) {
    model = update(model, message).model
  }
  return model
}

/** The model after keys, one burst each. */
export function press(model: Model, ...chunks: readonly string[]): Model {
  return chunks
    .flatMap((chunk) => splitKeys(chunk, true).keys)
    .reduce((now, key) => update(now, { type: 'key', key }).model, model)
}

/** On Access with ana, ben and chen in the grid, the cursor on ana and ml-dev. */
export function atAccess(model = signedIn()): Model {
  return press(model, '\r\r\r', 'a\r')
}
