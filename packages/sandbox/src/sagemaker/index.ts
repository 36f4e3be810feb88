import type { Service } from '../wire/service.ts'
import { tagOperations } from './tags.ts'
import { trackingServerOperations } from './tracking-servers.ts'

/** Amazon SageMaker AI, as far as MLflow, domains and profiles go. */
export const sagemaker: Service = {
  id: 'sagemaker',
  protocol: 'json',
  signingNames: ['sagemaker'],
  version: 'SageMaker',
  operations: { ...tagOperations, ...trackingServerOperations },
}
