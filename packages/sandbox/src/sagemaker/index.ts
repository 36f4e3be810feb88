import type { Service } from '../wire/service.ts'
import { appOperations } from './apps.ts'
import { domainOperations } from './domains.ts'
import { profileOperations } from './profiles.ts'
import { tagOperations } from './tags.ts'
import { trackingServerChanges } from './tracking-server-changes.ts'
import { trackingServerOperations } from './tracking-servers.ts'

/** Amazon SageMaker AI, as far as MLflow, domains and profiles go. */
export const sagemaker: Service = {
  id: 'sagemaker',
  protocol: 'json',
  signingNames: ['sagemaker'],
  version: 'SageMaker',
  operations: {
    ...appOperations,
    ...domainOperations,
    ...profileOperations,
    ...tagOperations,
    ...trackingServerChanges,
    ...trackingServerOperations,
  },
}
