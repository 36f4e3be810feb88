import { malformedPolicy } from './refusals.ts'

const partitions = new Set(['aws', 'aws-us-gov', 'aws-cn', 'aws-iso', 'aws-iso-b', 'aws-eusc', '*'])

/** A resource of an identity policy: `*`, or an ARN with partition, service and the rest. */
export function checkResource(resource: string): void {
  if (resource === '*') return
  const parts = resource.split(':')
  const [prefix, partition, service, region, account, ...rest] = parts
  if (prefix !== 'arn' || partition === undefined) {
    throw malformedPolicy(`Resource ${resource} must be in ARN format or "*".`)
  }
  if (!partitions.has(partition)) {
    throw malformedPolicy(`Partition "${partition}" is not valid for resource "${resource}".`)
  }
  if (service === undefined || service === '') {
    throw malformedPolicy(`Vendor is missing for resource "${resource}".`)
  }
  if (/[*?]/.test(service) && resource !== `arn:${partition}:*`) {
    throw malformedPolicy('Resource vendor must be fully qualified and cannot contain regexes.')
  }
  if (region === undefined || account === undefined || rest.length === 0) {
    // A wildcard may stand for everything that follows it, as in arn:aws:s3:::*
    if (parts.at(-1)?.includes('*')) return
    throw malformedPolicy(`The policy failed legacy parsing`)
  }
  if (service === 'iam' && region !== '' && region !== '*') {
    throw malformedPolicy(`IAM resource ${resource} cannot contain region information.`)
  }
  if (service === 's3' && !resource.includes('accesspoint') && (region !== '' || account !== '')) {
    if (region !== '*' && account !== '*') {
      throw malformedPolicy(`Resource ${resource} can not contain region information.`)
    }
  }
  if (rest.join(':') === '') throw malformedPolicy(`Resource ${resource} must be in ARN format or "*".`)
}
