import type { Tag } from '@aws-sdk/client-sagemaker'
import { list, required, struct, text, whole } from '../wire/rules.ts'

// Lengths and patterns: Amazon SageMaker API Reference, data types of each action.
const dashedName = (max: number) => `[a-zA-Z0-9](-*[a-zA-Z0-9]){0,${max - 1}}`
export const serverName = text({ min: 1, max: 256, pattern: dashedName(256) })
export const profileName = text({ max: 63, pattern: dashedName(63) })
export const domainId = text({ max: 63, pattern: 'd-(-*[a-z0-9]){1,61}' })
export const s3Uri = text({ max: 1024, pattern: '(https|s3)://([^/]+)/?(.*)' })
export const roleArn = text({
  min: 20,
  max: 2048,
  pattern: 'arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_\\/]+',
})
export const accountId = text({ max: 12, pattern: '\\d+' })
export const mlflowVersion = text({ max: 16, pattern: '[0-9]*.[0-9]*.[0-9]*' })
export const maintenanceWindow = text({
  max: 9,
  pattern: '(Mon|Tue|Wed|Thu|Fri|Sat|Sun):([01]\\d|2[0-3]):([0-5]\\d)',
})
export const appArn = text({
  min: 1,
  max: 128,
  pattern: 'arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:mlflow-app\\/.*',
})
export const resourceArn = text({ max: 256, pattern: 'arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:.+' })

const tagLetters = '([\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@]*)'
export const tagKey = text({ min: 1, max: 128, pattern: tagLetters })
export const tags = list(
  struct<Tag>({ Key: required(tagKey), Value: required(text({ max: 256, pattern: tagLetters })) }),
  50,
)

/** The two members that every SageMaker listing takes. */
export const paging = { NextToken: text({ max: 8192 }), MaxResults: whole(1, 100) }
