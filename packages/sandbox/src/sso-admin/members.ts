import type { CustomerManagedPolicyReference } from '@aws-sdk/client-sso-admin'
import { required, struct, text, whole } from '../wire/rules.ts'

// Lengths and patterns: IAM Identity Center API Reference.
export const instanceArn = text({
  min: 10,
  max: 1224,
  pattern: 'arn:aws(-[a-z]{1,5}){0,3}:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}',
})
export const permissionSetArn = text({
  min: 10,
  max: 1224,
  pattern: 'arn:aws(-[a-z]{1,5}){0,3}:sso:::permissionSet/(sso)?ins-[a-zA-Z0-9-.]{16}/ps-[a-zA-Z0-9-./]{16}',
})
export const inlinePolicy = text({
  min: 1,
  max: 32_768,
  pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
})
export const accountId = text({ min: 12, max: 12, pattern: '\\d{12}' })
export const managedPolicyArn = text({
  min: 20,
  max: 2048,
  pattern: 'arn:aws(-[a-z]{1,5}){0,3}:iam::aws:policy((/[A-Za-z0-9\\.,\\+@=_-]+)*)/([A-Za-z0-9\\.,\\+=@_-]+)',
})
export const policyReference = struct<CustomerManagedPolicyReference>({
  Name: required(text({ min: 1, max: 128, pattern: '[\\w+=,.@-]+' })),
  Path: text({ min: 1, max: 512, pattern: '((/[A-Za-z0-9\\.,\\+@=_-]+)*)/' }),
})
export const requestId = text({
  min: 36,
  max: 36,
  pattern: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
})
export const paging = {
  NextToken: text({ max: 2048, pattern: '[-a-zA-Z0-9+=/_]*' }),
  MaxResults: whole(1, 100),
}
