import type {
  ContextEntry,
  EvaluationResult,
  SimulatePrincipalPolicyCommandOutput,
} from '@aws-sdk/client-iam'
import type { RequestContext } from '@mlflow-iam/core/evaluate/access'
import type { Reading } from '../observe/reading.ts'

/** Who takes an action away, as the simulator says it. */
export type SimulatedDenial = 'implicit' | 'explicit' | 'boundary' | 'organisation'

/** The simulator's answer about one action on one resource. */
export interface Simulated {
  /** `sagemaker-mlflow:GetRun` */
  readonly action: string
  readonly resource: string
  readonly allowed: boolean
  readonly denial?: SimulatedDenial
  /** Condition keys that some statement asks for and that were not supplied. */
  readonly missingKeys: readonly string[]
  /** Names of the policies whose statements matched. */
  readonly policies: readonly string[]
}

// AWS documents no bound on questions in one call; a page of answers holds at most 1,000.
const answersAtOnce = 1000

/** Asks IAM what a principal may do, in as few calls as its pages allow. */
export async function askSimulator(
  reading: Reading,
  principal: string,
  actions: readonly string[],
  resources: readonly string[],
  context: RequestContext,
): Promise<readonly Simulated[]> {
  const { client, api } = await reading.connection.iam()
  const width = Math.max(1, Math.floor(answersAtOnce / Math.max(1, actions.length)))
  const answers: Simulated[] = []
  for (let from = 0; from < resources.length; from += width) {
    const some = resources.slice(from, from + width)
    let marker: string | undefined
    do {
      const page: SimulatePrincipalPolicyCommandOutput = await reading.must(
        'iam:SimulatePrincipalPolicy',
        `simulate the policies of ${principal}`,
        () =>
          client.send(
            new api.SimulatePrincipalPolicyCommand({
              PolicySourceArn: principal,
              ActionNames: [...actions],
              ResourceArns: [...some],
              ContextEntries: entriesOf(context),
              MaxItems: answersAtOnce,
              ...(marker === undefined ? {} : { Marker: marker }),
            }),
          ),
      )
      for (const result of page.EvaluationResults ?? []) answers.push(...readResult(result))
      marker = page.IsTruncated && page.Marker !== marker ? page.Marker : undefined
    } while (marker !== undefined)
  }
  return answers
}

/** One answer for each resource, whether the simulator lists resources apart or within an action's answer. */
function readResult(result: EvaluationResult): readonly Simulated[] {
  const action = result.EvalActionName ?? ''
  const each = result.ResourceSpecificResults ?? []
  const organisation = result.OrganizationsDecisionDetail?.AllowedByOrganizations === false
  const common = { action, organisation }
  if (each.length === 0) {
    return [
      toSimulated({
        ...common,
        result,
        resource: result.EvalResourceName ?? '*',
        decision: result.EvalDecision,
      }),
    ]
  }
  return each.map((part) =>
    toSimulated({
      ...common,
      result: part,
      resource: part.EvalResourceName ?? '*',
      decision: part.EvalResourceDecision,
    }),
  )
}

type Part = Pick<
  EvaluationResult,
  'MatchedStatements' | 'MissingContextValues' | 'PermissionsBoundaryDecisionDetail'
>

function toSimulated(parts: {
  readonly action: string
  readonly resource: string
  readonly organisation: boolean
  readonly decision: string | undefined
  readonly result: Part
}): Simulated {
  const { action, resource, organisation, decision, result } = parts
  const boundary = result.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false
  const denial: SimulatedDenial = organisation
    ? 'organisation'
    : boundary
      ? 'boundary'
      : decision === 'explicitDeny'
        ? 'explicit'
        : 'implicit'
  const allowed = decision === 'allowed'
  return {
    ...{ action, resource, allowed },
    ...(allowed ? {} : { denial }),
    missingKeys: result.MissingContextValues ?? [],
    policies: (result.MatchedStatements ?? []).flatMap(({ SourcePolicyId }) => SourcePolicyId ?? []),
  }
}

function entriesOf(context: RequestContext): ContextEntry[] {
  return Object.entries(context).map(([key, values]) => ({
    ContextKeyName: key,
    ContextKeyValues: [...values],
    ContextKeyType: typeOf(key, values),
  }))
}

function typeOf(key: string, values: readonly string[]) {
  if (/^aws:(MultiFactorAuthPresent|SecureTransport|ViaAWSService)$/i.test(key)) return 'boolean'
  if (/^aws:(SourceIp|VpcSourceIp)$/i.test(key)) return 'ip'
  if (/^aws:CurrentTime$/i.test(key)) return 'date'
  return values.length === 1 ? 'string' : 'stringList'
}
