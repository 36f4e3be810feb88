import { s3NeedsOfActions } from '../catalog/closure.ts'
import { noS3 } from '../catalog/join-s3.ts'
import { builtInPersonas } from '../personas/built-in.ts'
import type { Persona, S3Needs } from '../personas/persona.ts'
import { arnName, parseArn } from '../policy/arn.ts'
import type { Needs } from './explain.ts'
import { permissionSetOf } from './permission-set-of.ts'
import { kindOfServer, serverKindOf } from './server-kind.ts'

/**
 * The smallest grant, as grants-file lines, that gives what is needed: the actions alone where they bring the
 * S3 access along, else the smallest persona that has it and suits such a principal. Names in capitals are to be
 * filled in, also where the server that was named is not of the kind that the calls are made on. Empty where nothing
 * is needed, or no grant gives it.
 */
export function smallestGrant(
  needs: Needs,
  principal: string | undefined,
  named: string | undefined,
): string {
  const kind = serverKindOf(needs.actions) ?? kindOfServer(named ?? '')
  const server = named !== undefined && kindOfServer(named) === kind ? named : undefined
  const isApp = kind === 'mlflow-app'
  const rights = rightsOf(needs, principalRef(principal), isApp)
  if (!rights) return ''
  const to = ['grants:', `  - to: ${principalRef(principal)}`, ...rights]
  if (!isApp) return [...to, `    on: ${server ? arnName(server) : 'SERVER'}`, ''].join('\n')
  const key = server ? arnName(server) : 'APP'
  const app = `  ${key}: { app: "${server ?? 'ARN-OF-THE-APP'}", access: full }`
  return [appRemark, 'servers:', app, ...to, `    on: ${key}`, ''].join('\n')
}

const appRemark = '# An App has one action for everything: any persona or action on it gives that one.'

/** The lines of a grant that say what is given. */
function rightsOf(needs: Needs, to: string, isApp: boolean): readonly string[] | undefined {
  const full = needs.actions.filter((action) => action.includes(':') && action !== appCall)
  const others = full.filter((action) => !comesWithUi.has(action))
  const own = needs.actions.filter((action) => !action.includes(':') && action !== 'CallMlflowAppApi')
  // The presigned URL, describing and listing come along with the right to open the UI.
  if (others.length < full.length && !own.includes('AccessUI')) own.unshift('AccessUI')
  // Of no action of tracking servers, one would be read as all that is given.
  if (isApp && own.length === 0 && others.length === 0) return ['    persona: data-scientist']
  if (own.length > 0 && others.length === 0 && covers(s3NeedsOfActions(own), needs.s3))
    return [`    add: [${own.join(', ')}]`]
  if (own.length === 0 && others.length === 0 && covers(noS3, needs.s3)) return undefined
  const persona = smallestPersona(own, others, needs.s3, to)
  if (!persona) return undefined
  const more = own.filter((action) => !persona.actions.includes(action))
  return [`    persona: ${persona.name}`, ...(more.length > 0 ? [`    add: [${more.join(', ')}]`] : [])]
}

const appCall = 'sagemaker:CallMlflowAppApi'
const comesWithUi = new Set([
  'sagemaker:CreatePresignedMlflowTrackingServerUrl',
  'sagemaker:DescribeMlflowTrackingServer',
  'sagemaker:ListMlflowTrackingServers',
  'sagemaker:CreatePresignedMlflowAppUrl',
  'sagemaker:DescribeMlflowApp',
  'sagemaker:ListMlflowApps',
])

/**
 * The persona that needs the fewest additions, then the smallest; rights beside MLflow's weigh most. Personas without
 * the UI are made for roles that programs run as, so people get one with it, the most general first.
 */
function smallestPersona(
  own: readonly string[],
  others: readonly string[],
  s3: S3Needs,
  to: string,
): Persona | undefined {
  const missing = (persona: Persona) => own.filter((action) => !persona.actions.includes(action)).length
  const size = (persona: Persona) => persona.actions.length + 10 * persona.alsoNeeds.length
  const fit = builtInPersonas.filter(
    (persona) =>
      !persona.wildcard &&
      covers(persona.s3, s3) &&
      others.every((action) => persona.alsoNeeds.includes(action)),
  )
  const suited = /^(user|group|permission-set)\//.test(to) ? fit.filter(({ ui }) => ui) : fit
  const from = suited.length > 0 && others.length === 0 ? suited : fit
  // Sorting is stable, so people get the first of those that suit alike, in the order in which they are listed.
  const bySize = from === fit ? (a: Persona, b: Persona) => size(a) - size(b) : () => 0
  return [...from].sort((a, b) => missing(a) - missing(b) || bySize(a, b))[0]
}

function covers(given: S3Needs, needed: S3Needs): boolean {
  return (given.read || !needed.read) && (given.write || !needed.write) && (given.list || !needed.list)
}

/** As a grants file names it: `user/ana`, `role/teams/ds`, `permission-set/MLScientist`. */
export function principalRef(arn: string | undefined): string {
  if (arn === undefined) return 'user/NAME'
  const parsed = parseArn(arn)
  if (parsed?.service !== 'iam') return arn.startsWith('arn:') ? `"${arn}"` : arn
  const sso = permissionSetOf(arnName(arn))
  return sso ? `permission-set/${sso}` : parsed.resource
}
