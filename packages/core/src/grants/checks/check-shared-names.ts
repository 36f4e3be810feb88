import { arnName } from '../../policy/arn.ts'
import { canonicalJson } from '../../policy/hash.ts'
import type { Complaint } from '../complaint.ts'
import { bareAction } from '../rules/choices.ts'
import { policyName } from '../rules/names.ts'
import { normalizeCidr } from '../rules/network.ts'
import { listOf, mapOf, type Report, textOf, textsOf } from './loose.ts'

/**
 * Unlike grants that share a `policy-name`, as far as the file alone tells. Servers that two keys may both mean, and
 * grants that may have ended, are for the plan to judge: it has the account and the time.
 */
export function checkSharedNames(data: Readonly<Record<string, unknown>>, report: Report): void {
  const servers = mapOf(data.servers)
  const taken = new Map<string, string>()
  listOf(data.grants).forEach((value, index) => {
    const grant = mapOf(value)
    const name = textOf(grant['policy-name'])
    if (name === undefined || policyName.complain(name) || 'until' in grant) return
    const access = accessOf(grant, servers)
    const other = taken.get(name.toLowerCase())
    if (other !== undefined && other !== access)
      report(['grants', index, 'policy-name'], complainAboutSharing(name))
    taken.set(name.toLowerCase(), access)
  })
}

/** What is said of a policy's name that fixes two policies at once. */
export function complainAboutSharing(name: string): Complaint {
  return {
    what: `Two unlike grants share the policy name ${name}.`,
    why: 'One policy gives everyone who has it the same access.',
    fix: 'Give each its own policy-name, or make the grants equal.',
  }
}

/** Grants with different texts here are different policies in any account. */
function accessOf(
  grant: Readonly<Record<string, unknown>>,
  servers: Readonly<Record<string, unknown>>,
): string {
  const on = 'on' in grant ? setOf(grant.on) : Object.keys(servers)
  const when = mapOf(grant.when)
  return canonicalJson([
    grant['policy-name'],
    setOf(grant.persona),
    setOf(grant.add, bareAction),
    setOf(grant.remove, bareAction),
    [...new Set(on.map((key) => serverOf(key, mapOf(servers[key]))))].sort(),
    [when.mfa === true, setOf(when.ip, normalizeCidr), setOf(when.vpce), setOf(when.vpc)],
    mapOf(when['session-tags']),
  ])
}

/** The same for all keys that may mean one server: Regions are left to the account. */
function serverOf(key: string, server: Readonly<Record<string, unknown>>): string {
  if ('tag' in server) return canonicalJson(server.tag)
  if ('all' in server) return '*'
  return arnName(textOf(server.arn) ?? textOf(server.app) ?? key)
}

function setOf(value: unknown, read = (text: string) => text): readonly string[] {
  return [...new Set(textsOf(value, []).map(({ text }) => read(text)))].sort()
}
