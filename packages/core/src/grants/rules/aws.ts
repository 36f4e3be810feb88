import { parseArn } from '../../policy/arn.ts'
import { type Complaint, complainAboutLatin1, showText, type TextRule } from '../complaint.ts'

export const accountId: TextRule = {
  complain(text) {
    if (/^\d{12}$/.test(text)) return undefined
    const digits = text.replace(/[^0-9]/g, '')
    const because = digits.length === 12 ? ' and no other signs' : `, and this has ${digits.length}`
    return {
      what: `${showText(text)} is not an account id.`,
      why: `AWS account ids have exactly 12 digits${because}.`,
      fix: digits.length === 12 ? `Write "${digits}".` : 'Write all 12 digits, in quotes.',
    }
  },
  keywords: {
    title: 'Account',
    description: 'The AWS account. Anything is refused when signed in to another one.',
    pattern: '^[0-9]{12}$',
    examples: ['123456789012'],
  },
}

const regionShape = /^[a-z]{2}(-[a-z]+)+-\d{1,2}$/

export const regionName: TextRule = {
  complain(text) {
    if (regionShape.test(text) && text.length <= 32) return undefined
    const zone = text.match(/^([a-z]{2}(?:-[a-z]+)+-\d{1,2})[a-z]$/)?.[1]
    return {
      what: `${showText(text)} is not a Region.`,
      why: 'Region codes look like eu-west-1: area, direction, number.',
      fix:
        zone === undefined
          ? 'Write the code of an AWS Region.'
          : `Write ${zone}: the last letter names a zone.`,
    }
  },
  keywords: {
    title: 'Region',
    description: 'An AWS Region code.',
    pattern: regionShape.source,
    maxLength: 32,
    examples: ['eu-west-1'],
  },
}

const trackingServerArn =
  /^arn:aws(-us-gov)?:sagemaker:[a-z0-9-]+:\d{12}:mlflow-tracking-server\/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$/
const appArn = /^arn:aws(-us-gov)?:sagemaker:[a-z0-9-]+:\d{12}:mlflow-app\/[a-zA-Z0-9_-]{1,128}$/
const keyArn = /^arn:aws(-us-gov)?:kms:[a-z0-9-]+:\d{12}:key\/[a-zA-Z0-9-]{1,128}$/

export const serverArn = arnRule({
  pattern: trackingServerArn,
  noun: 'the ARN of a tracking server',
  title: 'Tracking server ARN',
  example: 'arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/shared',
  instead: (text) =>
    appArn.test(text) ? 'That is an MLflow App: use `app` with `access: full`.' : undefined,
})

export const mlflowAppArn = arnRule({
  pattern: appArn,
  noun: 'the ARN of an MLflow App',
  title: 'MLflow App ARN',
  example: 'arn:aws:sagemaker:eu-west-1:123456789012:mlflow-app/app-ABC123',
  instead: (text) => (trackingServerArn.test(text) ? 'That is a tracking server: use `arn`.' : undefined),
})

export const kmsKeyArn = arnRule({
  pattern: keyArn,
  noun: 'the ARN of a KMS key',
  title: 'KMS key ARN',
  example: 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  instead: (text) =>
    /alias\//.test(text) ? 'Write the ARN of the key itself: policies do not follow aliases.' : undefined,
})

export const roleArn = arnRule({
  pattern: /^arn:aws(-us-gov)?:iam::\d{12}:role\/([!-~]+\/)?[\w+=,.@-]{1,64}$/,
  noun: 'the ARN of a role',
  title: 'Role ARN',
  example: 'arn:aws:iam::210987654321:role/mlflow-access',
  instead: (text) =>
    /^arn:aws[a-z-]*:sts:/.test(text) ? 'That is a session: use the ARN of its role.' : undefined,
})

interface ArnShape {
  readonly pattern: RegExp
  readonly noun: string
  readonly title: string
  readonly example: string
  readonly instead: (text: string) => string | undefined
}

function arnRule(shape: ArnShape): TextRule {
  return {
    complain(text) {
      if (shape.pattern.test(text)) return undefined
      if (parseArn(text)?.partition === 'aws-cn') return chinaComplaint(showText(text))
      return {
        what: `${showText(text, 100)} is not ${shape.noun}.`,
        why: `It must look like ${shape.example}.`,
        fix: shape.instead(text) ?? 'Copy the ARN from AWS, without wildcards.',
      }
    },
    keywords: { title: shape.title, pattern: shape.pattern.source, examples: [shape.example] },
  }
}

/** Why nothing in the China partition can be granted. */
export function chinaComplaint(shown: string): Complaint {
  return {
    what: `${shown} is in the partition aws-cn.`,
    why: 'MLflow on SageMaker is not offered in the China Regions.',
    fix: 'Use aws or aws-us-gov.',
  }
}

const bucketShape = /^(?!\d{1,3}(\.\d{1,3}){3}$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

export const bucketName: TextRule = {
  complain(text) {
    if (bucketShape.test(text)) return undefined
    const bare = text.replace(/^s3:\/\//, '').split('/')[0] ?? ''
    const why =
      'Bucket names have 3 to 63 characters: a to z, 0 to 9, . and -, with a letter or digit at both ends.'
    if (text !== bare && bucketShape.test(bare)) {
      return { what: `${showText(text)} is not a bucket name.`, why, fix: `Write ${bare}.` }
    }
    const count = text.length < 3 || text.length > 63 ? ` This has ${text.length}.` : ''
    return {
      what: `${showText(text)} is not a bucket name.`,
      why: why + count,
      fix: 'Write the name of the bucket alone.',
    }
  },
  keywords: {
    title: 'Bucket',
    description: 'The name of an S3 bucket, without s3://.',
    pattern: bucketShape.source,
    examples: ['ml-prod-mlflow'],
  },
}

const artifactsShape =
  /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[^*?\u0000-\u001F\u007F-\u009F\u0100-\uFFFF]*)?$/

/** `s3://bucket/prefix`; the prefix stands in policies, where `*`, `?` and `${` would match more than it says. */
export const artifactsUri: TextRule = {
  complain(text) {
    const [, bucket, prefix] = text.match(/^s3:\/\/([^/]*)\/?(.*)$/s) ?? []
    if (bucket === undefined || prefix === undefined) {
      return {
        what: `${showText(text)} is not a place in S3.`,
        why: 'Artifacts live in S3, and their place begins with s3://.',
        fix: 'Write it like s3://ml-dev-mlflow/experiments.',
      }
    }
    const wrongBucket = bucketName.complain(bucket)
    if (wrongBucket) return wrongBucket
    const wildcard = prefix.match(/[*?]|\$\{/)?.[0]
    if (wildcard !== undefined) {
      return {
        what: `${showText(text)} holds ${showText(wildcard)}.`,
        why: 'In a policy that stands for other text, and would open more than this prefix.',
        fix: 'Write the prefix itself; everything below it is included.',
      }
    }
    if (prefix.length > 1024) {
      return {
        what: `${showText(text)} is too long.`,
        why: `Keys in S3 have at most 1024 characters, and this prefix has ${prefix.length}.`,
        fix: 'Write a shorter prefix.',
      }
    }
    return complainAboutLatin1(text)
  },
  keywords: {
    title: 'Artifacts',
    description: 'Where the server keeps artifacts. It wins over what the account says.',
    pattern: artifactsShape.source,
    examples: ['s3://ml-dev-mlflow/experiments'],
  },
}
