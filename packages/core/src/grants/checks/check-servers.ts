import { parseArn } from '../../policy/arn.ts'
import type { Complaint } from '../complaint.ts'
import { misfits, type ServerKind, serverKinds } from '../rules/server-kinds.ts'
import { checkDuplicates } from './check-duplicates.ts'
import { complainAboutHome, complainAboutRegion, type Home } from './check-home.ts'
import { mapOf, type Path, type Report, textOf, textsOf } from './loose.ts'

/** Each server is named in one way, by keys that fit together, in the file's partition and account. */
export function checkServers(servers: unknown, home: Home, report: Report): void {
  for (const [key, value] of Object.entries(mapOf(servers))) checkServer(key, mapOf(value), home, report)
}

function checkServer(
  key: string,
  server: Readonly<Record<string, unknown>>,
  home: Home,
  report: Report,
): void {
  const path: Path = ['servers', key]
  const named = serverKinds.filter((kind) => kind in server)
  const [kind, ...others] = named
  for (const other of others) {
    report(
      [...path, other],
      {
        what: `${other} stands beside ${kind}.`,
        why: `A server is named in one way: by its key, or by one of ${serverKinds.join(', ')}.`,
        fix: `Delete ${kind} or ${other}, or make two servers.`,
      },
      'key',
    )
  }
  if (kind !== undefined && others.length === 0) checkCompanions(kind, server, path, report)
  if (kind === undefined && 'access' in server) {
    report(
      [...path, 'access'],
      {
        what: 'access stands without app.',
        why: "Only an MLflow App has access; what people may do on a tracking server is the persona's.",
        fix: 'Delete access, or name the App with app.',
      },
      'key',
    )
  }
  if (kind === undefined && 'compatible' in server) {
    report(
      [...path, 'compatible'],
      {
        what: 'compatible stands without app.',
        why: "Only an MLflow App has a compatible form; a tracking server's actions are its own.",
        fix: 'Delete compatible, or name the App with app.',
      },
      'key',
    )
  }
  if ('app' in server && !('access' in server)) {
    report(
      [...path, 'app'],
      {
        what: 'The App has no access: full.',
        why: 'An App has one action for everything: whoever may look may also delete.',
        fix: 'Add access: full to say that you know.',
      },
      'key',
    )
  }
  checkPlaces(server, path, home, report)
}

function checkCompanions(
  kind: ServerKind,
  server: Readonly<Record<string, unknown>>,
  path: Path,
  report: Report,
): void {
  for (const [key, why] of Object.entries(misfits[kind])) {
    if (key in server)
      report([...path, key], { what: `${key} does not go with ${kind}.`, why, fix: `Delete ${key}.` }, 'key')
  }
  if (
    kind === 'tag' &&
    typeof server.tag === 'object' &&
    server.tag !== null &&
    Object.keys(server.tag).length === 0
  ) {
    report([...path, 'tag'], {
      what: 'tag names no tag.',
      why: 'It would mean every server.',
      fix: 'Name a tag and its value, or write all: true.',
    })
  }
}

function checkPlaces(
  server: Readonly<Record<string, unknown>>,
  path: Path,
  home: Home,
  report: Report,
): void {
  const region = complainAboutRegion(textOf(server.region), home)
  if (region) report([...path, 'region'], region)
  const isElsewhere = 'via' in server
  for (const key of ['arn', 'app'] as const) {
    const complaint = complainAboutHome(textOf(server[key]) ?? '', home, !isElsewhere)
    if (complaint) report([...path, key], key === 'arn' ? orVia(complaint, server, home) : complaint)
  }
  if (isElsewhere) checkVia(server, path, home, report)
  checkKeys(server.kms, [...path, 'kms'], home, report)
}

/** A server of another account is reached through a role there: that is the way to keep the line. */
function orVia(complaint: Complaint, server: Readonly<Record<string, unknown>>, home: Home): Complaint {
  const arn = parseArn(textOf(server.arn) ?? '')
  if ('via' in server || !arn || arn.partition !== home.partition || arn.account === home.account)
    return complaint
  const role = `arn:${arn.partition}:iam::${arn.account}:role/NAME`
  return {
    ...complaint,
    fix: `Name the role there that clients assume (via: ${role}), or use a grants file for each account.`,
  }
}

/** A server of another account, and the role there: both of one account, which is not the file's. */
function checkVia(server: Readonly<Record<string, unknown>>, path: Path, home: Home, report: Report): void {
  const arn = parseArn(textOf(server.arn) ?? '')
  const via = parseArn(textOf(server.via) ?? '')
  if (serverKinds.every((kind) => !(kind in server))) {
    report(
      [...path, 'via'],
      {
        what: 'via stands without arn.',
        why: 'A server of another account is named by its ARN: its name alone means one of this account.',
        fix: "Add arn with the server's ARN, or delete via.",
      },
      'key',
    )
  }
  if (!via) return
  const elsewhere = complainAboutHome(textOf(server.via) ?? '', home, false)
  if (elsewhere) report([...path, 'via'], elsewhere)
  if (arn && arn.account !== via.account) {
    report([...path, 'via'], {
      what: `The role is of account ${via.account}, and the server of ${arn.account}.`,
      why: 'The role that the client assumes has to be in the account of the server.',
      fix: `Name a role of ${arn.account}.`,
    })
  } else if (home.account !== undefined && via.account === home.account) {
    report([...path, 'via'], {
      what: `The role is of account ${via.account}, which is the file's own.`,
      why: 'People of the account itself reach the server directly.',
      fix: 'Delete via, or name the other account.',
    })
  }
}

/** KMS keys may belong to another account, not to another partition. */
export function checkKeys(kms: unknown, path: Path, home: Home, report: Report): void {
  checkDuplicates(kms, path, report)
  for (const key of textsOf(kms, path)) {
    const complaint = complainAboutHome(key.text, home, false)
    if (complaint) report(key.path, complaint)
  }
}
