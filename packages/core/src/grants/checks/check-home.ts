import { parseArn } from '../../policy/arn.ts'
import { type Complaint, showText } from '../complaint.ts'
import { accountId, regionName } from '../rules/aws.ts'
import { type Report, textOf } from './loose.ts'

/** The account and partition that a file speaks of, as far as it says so in a readable way. */
export interface Home {
  readonly account: string | undefined
  readonly partition: 'aws' | 'aws-us-gov' | undefined
}

export function homeOf(data: Readonly<Record<string, unknown>>): Home {
  const account = textOf(data.account)
  const partition = data.partition === undefined ? 'aws' : data.partition
  return {
    account: account !== undefined && !accountId.complain(account) ? account : undefined,
    partition: partition === 'aws' || partition === 'aws-us-gov' ? partition : undefined,
  }
}

/** The file's own Region lies in its partition. */
export function checkFileRegion(data: Readonly<Record<string, unknown>>, home: Home, report: Report): void {
  const complaint = complainAboutRegion(textOf(data.region), home)
  if (complaint) report(['region'], complaint)
}

/** A Region belongs to one partition; names of Regions in GovCloud begin with us-gov-. */
export function complainAboutRegion(region: string | undefined, home: Home): Complaint | undefined {
  if (region === undefined || home.partition === undefined || regionName.complain(region)) return undefined
  if (region.startsWith('cn-')) {
    return {
      what: `${showText(region)} is a China Region.`,
      why: 'MLflow on SageMaker is not offered in the China Regions.',
      fix: 'Use a Region of aws or aws-us-gov.',
    }
  }
  const partition = region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
  if (partition === home.partition) return undefined
  return {
    what: `${showText(region)} is a Region of the partition ${partition}.`,
    why: `The file is for the partition ${home.partition}.`,
    fix: `Use another Region, or write partition: ${partition}.`,
  }
}

/** An ARN in the file belongs to the file's partition and, where asked, to its account. */
export function complainAboutHome(text: string, home: Home, accountToo: boolean): Complaint | undefined {
  const arn = parseArn(text)
  // ARNs in aws-cn have been refused for what they are.
  if (!arn || arn.partition === 'aws-cn') return undefined
  if (home.partition !== undefined && arn.partition !== home.partition) {
    return {
      what: `${showText(text, 100)} is in the partition ${showText(arn.partition)}.`,
      why: `The file is for the partition ${home.partition}.`,
      fix: `Use an ARN of ${home.partition}, or change partition.`,
    }
  }
  // What belongs to AWS itself is of no account, and refused for what it is.
  if (accountToo && home.account !== undefined && arn.account !== 'aws' && arn.account !== home.account) {
    return {
      what: `${showText(text, 100)} is in the account ${showText(arn.account)}.`,
      why: `The file is for the account ${home.account}.`,
      fix: `Use an ARN of ${home.account}, or a grants file for each account.`,
    }
  }
  return arn.region === '' ? undefined : complainAboutRegion(arn.region, home)
}
