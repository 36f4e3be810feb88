import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Edit } from './edit.ts'
import { nameServers } from './servers.ts'

/**
 * An empty edit with the access that this tool gave before, and all that this access names: without its personas and
 * servers the cells would be void, and a plan would take the access away.
 */
export function withOwnedAccess(edit: Edit, owned: Edit, snapshot: Snapshot | undefined): Edit {
  const named = new Set(Object.values(owned.cells).flatMap((row) => Object.keys(row)))
  const base = edit.servers.length > 0 || !snapshot ? edit.servers : usualServers(edit, snapshot)
  const others = owned.servers.filter(
    ({ key }) => named.has(key) && !base.some((server) => server.key === key),
  )
  const known = new Set(edit.personas.map(({ name }) => name))
  return {
    ...edit,
    members: owned.members,
    cells: owned.cells,
    personas: [...edit.personas, ...owned.personas.filter(({ name }) => !known.has(name))],
    // Where nothing unusual is named, the Servers step fills in its own default.
    servers: others.length === 0 ? edit.servers : [...base, ...others],
  }
}

function usualServers(edit: Edit, snapshot: Snapshot): Edit['servers'] {
  const here = snapshot.servers.filter(({ region }) => region === snapshot.region)
  return nameServers(
    edit,
    snapshot,
    here.map(({ arn }) => arn),
    'arn',
  ).servers
}
