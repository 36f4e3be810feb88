import { parseArn } from '../../policy/arn.ts'
import { type Complaint, showText, type TextRule } from '../complaint.ts'
import { chinaComplaint } from './aws.ts'
import { inlineStart, readInlinePolicy } from './inline-policy.ts'
import { policyName } from './names.ts'

const arnShape = /^arn:aws(-us-gov)?:iam::\d{12}:policy\/([!-~]+\/)?[\w+=,.@-]{1,128}$/

const inlineShape = /^inline:[\w+=,.@-]{1,128}@(arn:aws(-us-gov)?:iam::\d{12}:)?(user|group|role)\/[!-~]+$/

/** A policy that somebody made by hand: a managed one by its name or ARN, an inline one by its name and holder. */
export const handMadePolicy: TextRule = {
  complain(text) {
    if (text.startsWith(inlineStart)) {
      const read = readInlinePolicy(text)
      return 'holder' in read ? undefined : read
    }
    if (!text.startsWith('arn:')) return policyName.complain(text)
    if (arnShape.test(text)) return complainAboutOurs(text)
    const arn = parseArn(text)
    if (arn?.partition === 'aws-cn') return chinaComplaint(showText(text))
    if (arn?.service === 'iam' && arn.account === 'aws') return complainAboutAws(text)
    return {
      what: `${showText(text, 100)} is not the ARN of a policy.`,
      why: 'It must look like arn:aws:iam::123456789012:policy/MLflowDataScientists.',
      fix: "Write the policy's name or its ARN.",
    }
  },
  keywords: {
    title: 'Hand-made policy',
    description:
      'The name or ARN of a customer-managed policy, or inline:NAME@role/NAME for an inline policy of a user, group or role.',
    pattern: `^(${arnShape.source.slice(1, -1)}|${inlineShape.source.slice(1, -1)}|[\\w+=,.@-]{1,128})$`,
    examples: ['MLflowDataScientists', 'inline:mlflow-access@role/ds-shared'],
  },
}

/** What is said of the ARN of a policy that is AWS's own. */
export function complainAboutAws(arn: string): Complaint {
  return {
    what: `${showText(arn, 100)} belongs to AWS.`,
    why: 'Adopting is for policies that somebody made in this account.',
    fix: 'Detach it by hand, if the grants replace it.',
  }
}

function complainAboutOurs(text: string): Complaint | undefined {
  if (!text.includes(':policy/mlflow-iam/')) return undefined
  return {
    what: `${showText(text, 100)} is no hand-made policy.`,
    why: 'Its path says that mlflow-iam made it for a grants file.',
    fix: 'Plan with --prune under the name that owns it.',
  }
}
