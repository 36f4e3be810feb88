import type { Plan } from '../../plan/plan.ts'
import { documentText } from '../../policy/document.ts'
import { sidPrefix } from '../../target/inline-statements.ts'
import type { TargetElsewhere } from '../../target/target-elsewhere.ts'
import { principalName } from '../describe-step.ts'
import { type OtherDocument, otherDocuments, otherFolder } from '../other-accounts.ts'
import { quoteForShell } from '../shell-quote.ts'
import { cell, code, commands } from './parts.ts'

/**
 * What other accounts have to do, with the exact commands. `inline` puts the documents into the text, for formats
 * that write no JSON files. Empty where every server is of this account.
 */
export function otherAccountsSection(plan: Plan, { inline }: { readonly inline: boolean }): string {
  return (plan.target.elsewhere ?? [])
    .map((elsewhere) => accountSection(plan, elsewhere, inline))
    .join('\n\n')
}

function accountSection(plan: Plan, elsewhere: TargetElsewhere, inline: boolean): string {
  const { account, roles } = elsewhere
  const folder = inline ? '' : otherFolder(elsewhere)
  const documents = otherDocuments(elsewhere)
  return [
    `## For account ${account} to do`,
    '',
    `Servers of account ${account} are opened there: nothing of this can be sent from account ${plan.account}. Someone`,
    `signed in to ${account} does it once the access above is in place: IAM refuses principals that do not exist yet.`,
    inline ? 'Save each document below under its name, then:' : `The documents are in ${code(folder)}:`,
    '',
    ...roles.flatMap(({ role, access }) => [
      `- ${code(role)} is assumed by ${cell(
        namesOf(
          plan,
          access.flatMap(({ principals }) => principals),
        ),
      )}. Clients set`,
      `  ${code(`SAGEMAKER_MLFLOW_ASSUME_ROLE_ARN=${role}`)}; S3 keeps their own credentials.`,
    ]),
    '- Where something is there already, keep what others wrote: add our statements (Sids that begin with',
    `  ${code(sidPrefix(plan.name))}) to it, in place of our older ones. The commands with \`jq\` do that.`,
    '',
    `This must print ${account}:`,
    '',
    commands('aws sts get-caller-identity --query Account --output text'),
    ...documents
      .flatMap((one) => waysOf(one, folder, plan))
      .flatMap(({ says, lines }) => ['', says, '', commands(...lines)]),
    ...(inline
      ? documents.flatMap(({ fileName, document }) => [
          '',
          `${code(fileName)}:`,
          '',
          '```json',
          documentText(document),
          '```',
        ])
      : []),
  ].join('\n')
}

/** Commands that belong together, and when they are the right ones. */
interface Way {
  readonly says: string
  readonly lines: readonly string[]
}

function waysOf({ fileName, place }: OtherDocument, folder: string, plan: Plan): readonly Way[] {
  const ours = `${folder}${fileName}`
  const file = quoteForShell(`file://${ours}`)
  const merge = (there: string) =>
    `jq -s '${mergeFilter(plan.name)}' ${there} ${quoteForShell(ours)} > merged.json`
  switch (place.kind) {
    case 'trust': {
      const name = quoteForShell(place.role)
      return [
        {
          says: `Who may assume the role ${code(place.role)}. Where there is no such role yet:`,
          lines: [
            `aws iam create-role --role-name ${name} --path ${quoteForShell(place.path)} --assume-role-policy-document ${file}`,
          ],
        },
        {
          says: 'Where it is there:',
          lines: [
            `aws iam get-role --role-name ${name} --query Role.AssumeRolePolicyDocument --output json > there.json`,
            merge('there.json'),
            `aws iam update-assume-role-policy --role-name ${name} --policy-document file://merged.json`,
          ],
        },
      ]
    }
    case 'permissions':
      return [
        {
          says: `What ${code(place.role)} may do. It is a policy of its own, and replaces only its older self:`,
          lines: [
            `aws iam put-role-policy --role-name ${quoteForShell(place.role)} --policy-name ${quoteForShell(`mlflow-iam-${plan.name}`)} --policy-document ${file}`,
          ],
        },
      ]
    case 'bucket': {
      const bucket = quoteForShell(place.bucket)
      return [
        {
          says: `Artifacts in ${code(place.bucket)}. A bucket of account ${plan.account} itself needs nothing. Where the bucket has no policy yet:`,
          lines: [`aws s3api put-bucket-policy --bucket ${bucket} --policy ${file}`],
        },
        {
          says: 'Where it has one:',
          lines: [
            `aws s3api get-bucket-policy --bucket ${bucket} --query Policy --output text > there.json`,
            merge('there.json'),
            `aws s3api put-bucket-policy --bucket ${bucket} --policy file://merged.json`,
          ],
        },
      ]
    }
    case 'key': {
      const key = quoteForShell(place.key)
      return [
        {
          says: 'The key of the artifacts. A key policy of our statements alone would lock its account out: always add them.',
          lines: [
            `aws kms get-key-policy --key-id ${key} --policy-name default --query Policy --output text > there.json`,
            merge('there.json'),
            `aws kms put-key-policy --key-id ${key} --policy-name default --policy file://merged.json`,
          ],
        },
      ]
    }
  }
}

/** Keeps every statement of others, and puts ours in the place of those with our mark. */
function mergeFilter(fileName: string): string {
  const isOurs = `(.Sid // "") | startswith("${sidPrefix(fileName)}")`
  return `.[1].Statement as $ours | .[0] | .Statement = ([.Statement] | flatten | map(select(${isOurs} | not))) + $ours`
}

function namesOf(plan: Plan, principals: readonly string[]): string {
  const names = [...new Set(principals)].map((arn) => {
    const known = plan.target.principals.find((one) => (one.actsAs ?? one.arn) === arn)
    // The set reaches other accounts too, whose roles of it the trust policy does not name.
    return known?.kind === 'permission-set'
      ? `${known.kind}/${known.name} (its role in account ${plan.account} alone)`
      : principalName(plan, known?.arn ?? arn)
  })
  return names.length <= 6 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`
}
