import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { AccountChoice } from './account.ts'

type Section = Readonly<Record<string, string>>

/** The AWS profiles of this machine, the one asked for first. Keys themselves are never read into anything. */
export async function readProfiles(
  env: Readonly<Record<string, string | undefined>>,
  asked?: string,
  region?: string,
): Promise<readonly AccountChoice[]> {
  const home = env.HOME ?? homedir()
  const read = (path: string) => readFile(path, 'utf8').catch(() => '')
  const config = sections(await read(env.AWS_CONFIG_FILE ?? join(home, '.aws', 'config')))
  const credentials = sections(
    await read(env.AWS_SHARED_CREDENTIALS_FILE ?? join(home, '.aws', 'credentials')),
  )
  const names = new Set<string>()
  for (const name of config.keys()) {
    if (name === 'default') names.add(name)
    else if (name.startsWith('profile ')) names.add(name.slice('profile '.length).trim())
  }
  for (const name of credentials.keys()) names.add(name)
  const wanted = asked ?? env.AWS_PROFILE
  if (wanted) names.add(wanted)
  const choices = [...names].sort().map((name): AccountChoice => {
    const section = config.get(name === 'default' ? name : `profile ${name}`) ?? {}
    const account = section.sso_account_id
    const here = region ?? section.region
    return {
      name,
      profile: name,
      signIn: signInOf(section, credentials.has(name)),
      ...(account === undefined ? {} : { account }),
      ...(here === undefined ? {} : { region: here }),
      ...(name === asked ? { asked: true as const } : {}),
      session: section.sso_session || section.sso_start_url ? 'SSO session' : 'not known',
      expired: false,
    }
  })
  const fromEnvironment = env.AWS_ACCESS_KEY_ID !== undefined || names.size === 0
  const own: AccountChoice = {
    name: 'environment',
    signIn: 'keys',
    ...((region ?? env.AWS_REGION) ? { region: region ?? env.AWS_REGION ?? '' } : {}),
    session: 'not known',
    expired: false,
  }
  const rank = (choice: AccountChoice) =>
    choice.name === wanted ? 0 : choice.name === 'environment' ? 1 : choice.name === 'default' ? 2 : 3
  return [...(fromEnvironment ? [own] : []), ...choices].sort((a, b) => rank(a) - rank(b))
}

function signInOf(section: Section, keys: boolean): string {
  if (section.sso_session || section.sso_start_url) return 'SSO'
  if (section.role_arn) return 'role'
  if (section.credential_process) return 'process'
  return keys ? 'keys' : 'other'
}

/** Sections of an AWS configuration file with the settings that matter here; secrets are passed over. */
function sections(text: string): ReadonlyMap<string, Section> {
  const found = new Map<string, Record<string, string>>()
  const wanted = new Set([
    'region',
    'sso_session',
    'sso_start_url',
    'sso_account_id',
    'role_arn',
    'credential_process',
  ])
  let current: Record<string, string> | undefined
  for (const raw of text.split(/\r?\n/)) {
    const head = /^\s*\[([^\]]+)\]/.exec(raw)?.[1]
    if (head !== undefined) {
      current = found.get(head.trim()) ?? {}
      found.set(head.trim(), current)
      continue
    }
    const [, key = '', value = ''] = /^([A-Za-z_]+)\s*=\s*(.*?)\s*$/.exec(raw) ?? []
    if (current && wanted.has(key)) current[key] = value
  }
  return found
}
