import type {
  CreatePolicyVersionRequest,
  CreatePolicyVersionResponse,
  DeletePolicyVersionRequest,
  GetPolicyVersionRequest,
  GetPolicyVersionResponse,
  ListPolicyVersionsRequest,
  ListPolicyVersionsResponse,
  SetDefaultPolicyVersionRequest,
} from '@aws-sdk/client-iam'
import type { PolicyState, VersionState } from '../account/state.ts'
import { flag, required } from '../wire/rules.ts'
import { operation } from '../wire/service.ts'
import { describeVersion } from './describe.ts'
import { ownPolicyAt, policyAt } from './find.ts'
import { arn, document, paging, versionId } from './members.ts'
import { pageEnd, pageOfList } from './paging.ts'
import { checkIdentityPolicy } from './policy-grammar.ts'
import { countedSize } from './policy-size.ts'
import { deleteConflict, limitExceeded, noSuchEntity } from './refusals.ts'

const largestManaged = 6144
const mostVersions = 5

/** Refuses the document of a managed policy that breaks the grammar or the size. */
export function checkManagedDocument(text: string): void {
  checkIdentityPolicy(text)
  if (countedSize(text) > largestManaged) {
    throw limitExceeded(`Cannot exceed quota for PolicySize: ${largestManaged}`)
  }
}

export const versionOperations = {
  CreatePolicyVersion: operation<CreatePolicyVersionRequest, CreatePolicyVersionResponse>(
    { PolicyArn: required(arn), PolicyDocument: required(document), SetAsDefault: flag() },
    ({ account, now }, input) => {
      const policy = ownPolicyAt(account, input.PolicyArn)
      checkManagedDocument(input.PolicyDocument)
      if (policy.versions.length >= mostVersions) {
        throw limitExceeded(
          'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
        )
      }
      const version: VersionState = {
        id: `v${policy.nextVersion}`,
        document: input.PolicyDocument,
        createdAt: now.toISOString(),
      }
      policy.nextVersion += 1
      policy.versions.unshift(version)
      if (input.SetAsDefault === true) policy.defaultVersion = version.id
      policy.updatedAt = now.toISOString()
      return { PolicyVersion: describeVersion(policy, version, 'listed') }
    },
  ),

  GetPolicyVersion: operation<GetPolicyVersionRequest, GetPolicyVersionResponse>(
    { PolicyArn: required(arn), VersionId: required(versionId) },
    ({ account }, input) => {
      const policy = policyAt(account, input.PolicyArn)
      return { PolicyVersion: describeVersion(policy, versionOf(policy, input.VersionId), 'full') }
    },
  ),

  ListPolicyVersions: operation<ListPolicyVersionsRequest, ListPolicyVersionsResponse>(
    { PolicyArn: required(arn), ...paging },
    ({ account }, input) => {
      const policy = policyAt(account, input.PolicyArn)
      const page = pageOfList(policy.versions, input, 'ListPolicyVersions')
      return {
        Versions: page.rows.map((version) => describeVersion(policy, version, 'listed')),
        ...pageEnd(page),
      }
    },
  ),

  SetDefaultPolicyVersion: operation<SetDefaultPolicyVersionRequest, object>(
    { PolicyArn: required(arn), VersionId: required(versionId) },
    ({ account, now }, input) => {
      const policy = ownPolicyAt(account, input.PolicyArn)
      policy.defaultVersion = versionOf(policy, input.VersionId).id
      policy.updatedAt = now.toISOString()
      return {}
    },
  ),

  DeletePolicyVersion: operation<DeletePolicyVersionRequest, object>(
    { PolicyArn: required(arn), VersionId: required(versionId) },
    ({ account, now }, input) => {
      const policy = ownPolicyAt(account, input.PolicyArn)
      const version = versionOf(policy, input.VersionId)
      if (version.id === policy.defaultVersion) {
        throw deleteConflict('Cannot delete the default version of a policy.')
      }
      policy.versions = policy.versions.filter((each) => each !== version)
      policy.updatedAt = now.toISOString()
      return {}
    },
  ),
}

function versionOf(policy: PolicyState, id: string): VersionState {
  const version = policy.versions.find((each) => each.id === id)
  if (version === undefined) {
    throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`)
  }
  return version
}
