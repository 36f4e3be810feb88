import type {
  AddTagsInput,
  AddTagsOutput,
  DeleteTagsInput,
  DeleteTagsOutput,
  ListTagsInput,
  ListTagsOutput,
} from '@aws-sdk/client-sagemaker'
import type { TagState } from '../account/state.ts'
import { list, required, text, whole } from '../wire/rules.ts'
import { type Call, operation } from '../wire/service.ts'
import { tokenPage } from '../wire/token-paging.ts'
import { resourceArn, tagKey, tags } from './members.ts'
import { invalid, limitExceeded, notFound } from './refusals.ts'

export const tagOperations = {
  AddTags: operation<AddTagsInput, AddTagsOutput>(
    { ResourceArn: required(resourceArn), Tags: required(tags) },
    (call, input) => {
      const resource = resourceAt(call, input.ResourceArn)
      resource.tags = withTags(resource.tags, input.Tags)
      return { Tags: resource.tags }
    },
  ),

  ListTags: operation<ListTagsInput, ListTagsOutput>(
    {
      ResourceArn: required(resourceArn),
      NextToken: text({ max: 8192 }),
      MaxResults: whole(50, Number.MAX_SAFE_INTEGER),
    },
    (call, input) => {
      const { tags: held } = resourceAt(call, input.ResourceArn)
      const page = tokenPage(held, input, 'ListTags', (tag) => tag.Key, 50)
      return { Tags: [...page.rows], ...page.end }
    },
  ),

  DeleteTags: operation<DeleteTagsInput, DeleteTagsOutput>(
    { ResourceArn: required(resourceArn), TagKeys: required(list(tagKey, 50)) },
    (call, input) => {
      const resource = resourceAt(call, input.ResourceArn)
      resource.tags = resource.tags.filter((tag) => !input.TagKeys.includes(tag.Key))
      return {}
    },
  ),
}

/** SageMaker's tag keys are compared with regard to case. */
export function withTags(
  held: readonly TagState[],
  given: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
): TagState[] {
  const merged = new Map(held.map((tag) => [tag.Key, tag]))
  for (const { Key = '', Value = '' } of given) {
    if (Key.toLowerCase().startsWith('aws:')) throw invalid('Tag keys may not start with aws:.')
    merged.set(Key, { Key, Value })
  }
  if (merged.size > 50) throw limitExceeded('A resource can have at most 50 tags.')
  return [...merged.values()]
}

function resourceAt({ account, region }: Call, arn: string): { tags: TagState[] } {
  const { servers, apps, domains, profiles, spaces } = account.state
  const resource = [servers, apps, domains, profiles, spaces]
    .flat()
    .find((each) => each.arn === arn && each.region === region)
  if (resource === undefined) throw notFound(`Resource ${arn} does not exist.`)
  return resource
}
