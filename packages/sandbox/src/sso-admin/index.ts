import type { Service } from '../wire/service.ts'
import { provisioningOperations } from './provisioning.ts'
import { centerReads } from './reads.ts'
import { centerWrites } from './writes.ts'

/** IAM Identity Center's permission sets. */
export const ssoAdmin: Service = {
  id: 'sso-admin',
  protocol: 'json',
  signingNames: ['sso'],
  version: 'SWBExternalService',
  operations: { ...centerReads, ...centerWrites, ...provisioningOperations },
}
