import type { Tag } from '@aws-sdk/client-iam'
import { list, required, struct, text, whole } from '../wire/rules.ts'

// Lengths and patterns: IAM API Reference, data types of each action.
const nameLetters = '[\\w+=,.@-]+'
const badName = (at: string) =>
  `The specified value for ${at} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`

/** A name for something new. IAM compares it without regard to case. */
export const newName = (max: number) => text({ min: 1, max, pattern: nameLetters, says: badName })
/** A name that should exist; users may be looked up by longer names than they can be given. */
export const name128 = newName(128)
export const name64 = newName(64)

export const path = text({
  min: 1,
  max: 512,
  pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)',
  says: (at) =>
    `The specified value for ${at} is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.`,
})
export const policyPath = text({
  min: 1,
  max: 512,
  pattern: '((/[A-Za-z0-9\\.,\\+@=_-]+)*)/',
  says: (at) =>
    `The specified value for ${at} is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.`,
})
export const pathPrefix = text({ min: 1, max: 512, pattern: '\\u002F[\\u0021-\\u007F]*' })
export const arn = text({ min: 20, max: 2048 })
export const document = text({ min: 1, max: 131_072, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' })
export const versionId = text({ pattern: 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?' })
export const roleDescription = text({
  max: 1000,
  pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*',
})
export const policyDescription = text({ max: 1000 })
export const sessionDuration = whole(3600, 43_200)

const tagLetters = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]'
export const tagKey = text({ min: 1, max: 128, pattern: `${tagLetters}+` })
export const tags = list(
  struct<Tag>({
    Key: required(tagKey),
    Value: required(text({ max: 256, pattern: `${tagLetters}*` })),
  }),
  50,
)
export const tagKeys = list(tagKey, 50)

/** The two members that every IAM listing takes. */
export const paging = {
  Marker: text({ min: 1, max: 320, pattern: '[\\u0020-\\u00FF]+' }),
  MaxItems: whole(1, 1000),
}
