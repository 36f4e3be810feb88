import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

export type ServiceId = 'iam' | 'sts' | 'sagemaker' | 'sso_admin'
type Env = Readonly<Record<string, string | undefined>>

/**
 * The endpoint that a profile named by `--profile` sets for a service. The SDK reads endpoints only of the profile
 * in AWS_PROFILE; the AWS CLI reads them of the one that is used. The environment goes before both.
 */
export function profileEndpoint(
  profile: string | undefined,
  service: ServiceId,
  env: Env,
): string | undefined {
  const ignored = /^true$/i.test(env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS ?? '')
  const set = env.AWS_ENDPOINT_URL || env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`]
  if (profile === undefined || ignored || set) return undefined
  const sections = readSections(env.AWS_CONFIG_FILE || join(homedir(), '.aws', 'config'))
  const own = sections.get(profile === 'default' ? 'default' : `profile ${profile}`)
  if (/^true$/i.test(own?.get('ignore_configured_endpoint_urls') ?? '')) return undefined
  const services = sections.get(`services ${own?.get('services')}`)
  return services?.get(`${service}.endpoint_url`) ?? own?.get('endpoint_url')
}

/** Sections by name; a member of a nested block is `block.member`. */
function readSections(path: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const sections = new Map<string, Map<string, string>>()
  let section: Map<string, string> | undefined
  let block = ''
  for (const line of readLines(path)) {
    if (/^\s*([#;]|$)/.test(line)) continue
    const heading = /^\[\s*(.+?)\s*\]/.exec(line)?.[1]
    if (heading !== undefined) {
      const name = heading.replace(/\s+/g, ' ').replace(/["']/g, '')
      section = sections.get(name) ?? new Map()
      sections.set(name, section)
      block = ''
      continue
    }
    const [, key = '', value = ''] = /^\s*([^=]+?)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    const isNested = /^\s/.test(line)
    if (!isNested) block = value === '' ? key : ''
    section?.set(isNested && block !== '' ? `${block}.${key}` : key, value)
  }
  return sections
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/)
  } catch {
    return []
  }
}
