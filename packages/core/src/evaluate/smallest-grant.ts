import { s3NeedsOfActions } from '../catalog/closure.ts'
import { builtInPersonas } from '../personas/built-in.ts'
import type { Persona, S3Needs } from '../personas/persona.ts'
import { arnName, parseArn } from '../policy/arn.ts'
import type { Needs } from './explain.ts'
import { permissionSetOf } from './permission-set-of.ts'

/**
 * The smallest grant, as grants-file lines, that gives what is needed: the actions alone where they bring the
 * S3 access along, else the smallest persona that has it. Names in capitals are to be filled in. Empty where
 * no grant gives it.
 */
export function smallestGrant(
  needs: Needs,
  principal: string | undefined,
  server: string | undefined,
): string {
  const rights = rightsOf(needs, server)
  if (!rights) return ''
  const to = ['grants:', `  - to: ${principalRef(principal)}`, ...rights]
  if (!isForApp(needs, server))
    return [...to, `    on: ${server ? arnName(server) : 'SERVER'}`, ''].join('\n')
  const key = server ? arnName(server) : 'APP'
  const app = `  ${key}: { app: "${server ?? 'ARN-OF-THE-APP'}", access: full }`
  return ['servers:', app, ...to, `    on: ${key}`, ''].join('\n')
}

/** The lines of a grant that say what is given. */
function rightsOf(needs: Needs, server: string | undefined): readonly string[] | undefined {
  const full = needs.actions.filter((action) => action.includes(':') && action !== appCall)
  const others = full.filter((action) => !comesWithUi.has(action))
  const own = needs.actions.filter((action) => !action.includes(':') && action !== 'CallMlflowAppApi')
  // The presigned URL, describing and listing come along with the right to open the UI.
  if (others.length < full.length && !own.includes('AccessUI')) own.unshift('AccessUI')
  if (isForApp(needs, server) && own.length === 0 && others.length === 0) own.push('GetRun')
  if (own.length > 0 && others.length === 0 && covers(s3NeedsOfActions(own), needs.s3))
    return [`    add: [${own.join(', ')}]`]
  const persona = smallestPersona(own, others, needs.s3)
  if (!persona) return undefined
  const more = own.filter((action) => !persona.actions.includes(action))
  return [`    persona: ${persona.name}`, ...(more.length > 0 ? [`    add: [${more.join(', ')}]`] : [])]
}

const appCall = 'sagemaker:CallMlflowAppApi'
const appWords = /^(sagemaker:)?(CallMlflowAppApi|CreatePresignedMlflowAppUrl|DescribeMlflowApp)$/
const comesWithUi = new Set([
  'sagemaker:CreatePresignedMlflowTrackingServerUrl',
  'sagemaker:DescribeMlflowTrackingServer',
  'sagemaker:ListMlflowTrackingServers',
  'sagemaker:CreatePresignedMlflowAppUrl',
  'sagemaker:DescribeMlflowApp',
  'sagemaker:ListMlflowApps',
])

function isForApp(needs: Needs, server: string | undefined): boolean {
  if (server !== undefined) return parseArn(server)?.resource.startsWith('mlflow-app/') === true
  return needs.actions.some((action) => appWords.test(action))
}

/** The persona that needs the fewest additions, then the smallest; rights beside MLflow's weigh most. */
function smallestPersona(
  own: readonly string[],
  others: readonly string[],
  s3: S3Needs,
): Persona | undefined {
  const missing = (persona: Persona) => own.filter((action) => !persona.actions.includes(action)).length
  const size = (persona: Persona) => persona.actions.length + 10 * persona.alsoNeeds.length
  const fit = builtInPersonas.filter(
    (persona) =>
      !persona.wildcard &&
      covers(persona.s3, s3) &&
      others.every((action) => persona.alsoNeeds.includes(action)),
  )
  return fit.sort((a, b) => missing(a) - missing(b) || size(a) - size(b))[0]
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
