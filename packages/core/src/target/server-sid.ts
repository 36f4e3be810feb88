import { parseArn } from '../policy/arn.ts'

const stem = 'AssumeServerRole'

/** A Sid takes letters and digits alone: what else names and Regions hold is written behind a `Z`. */
const written: Readonly<Record<string, string>> = { '-': 'Zh', '/': 'Zs', Z: 'ZZ' }
const read: Readonly<Record<string, string>> = { Zh: '-', Zs: '/', ZZ: 'Z' }

/**
 * The Sid of the statement that lets clients assume the role of a server of another account:
 * `AssumeServerRoleZseuZhwestZh1Zsml-prodZe` of `ml-prod` in `eu-west-1`, its `-` as `Zh`.
 */
export function serverSid(server: string): string {
  const { region = '', resource = '' } = parseArn(server) ?? {}
  const text = `/${region}/${resource.slice(resource.indexOf('/') + 1)}`
  return `${stem}${text.replace(/[-/Z]/gu, (sign) => written[sign] ?? '')}Ze`
}

/** The ARN of the server that such a Sid names; `via` is the role that its statement is about. Undefined for other Sids. */
export function serverOfSid(sid: string | undefined, via: string): string | undefined {
  // Behind the end there may be a number, which keeps Sids of one document apart.
  const code = /AssumeServerRole((?:[A-Ya-z0-9]|Z[hsZ])+)Ze\d*$/u.exec(sid ?? '')?.[1]
  const text = code?.replace(/Z[hsZ]/gu, (pair) => read[pair] ?? '')
  const [, region, name] = /^\/([a-z0-9-]+)\/([A-Za-z0-9-]+)$/u.exec(text ?? '') ?? []
  const home = parseArn(via)
  return region && name && home?.service === 'iam'
    ? `arn:${home.partition}:sagemaker:${region}:${home.account}:mlflow-tracking-server/${name}`
    : undefined
}
