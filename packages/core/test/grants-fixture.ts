import type { Grant, GrantsFile, GrantsServer, PrincipalRef } from '../src/grants/grants-file.ts'

export const account = '123456789012'

/** A grants file as the parser would give it, from the parts that a test is about. */
export function grantsFile(parts: Partial<GrantsFile> = {}): GrantsFile {
  return {
    version: 1,
    name: 'ml-platform',
    account,
    partition: 'aws',
    region: 'eu-west-1',
    servers: [],
    roles: {},
    personas: [],
    grants: [],
    split: [],
    adopt: [],
    permissionSets: [],
    accounts: [],
    locate: () => ({ file: 'grants.yaml', line: 1, column: 1 }),
    ...parts,
  }
}

export function server(key: string, artifacts = `s3://${key}-mlflow/artifacts`): GrantsServer {
  return { kind: 'name', key, kms: [], planned: false, artifacts }
}

export function grant(
  index: number,
  to: readonly PrincipalRef[],
  personas: readonly string[],
  on: readonly string[],
  more: Partial<Grant> = {},
): Grant {
  return { index, to, personas, on, add: [], remove: [], ...more }
}

export function user(name: string): PrincipalRef {
  return { kind: 'user', name, text: `user/${name}` }
}

export function role(name: string): PrincipalRef {
  return { kind: 'role', name, text: `role/${name}` }
}
