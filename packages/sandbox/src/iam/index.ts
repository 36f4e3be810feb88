import type { Service } from '../wire/service.ts'
import { aliasOperations } from './account-alias.ts'
import { accountDetailOperations } from './account-details.ts'
import { attachmentOperations } from './attachments.ts'
import { boundaryOperations } from './boundaries.ts'
import { groupOperations } from './groups.ts'
import { inlinePolicyOperations } from './inline-policies.ts'
import { policyOperations } from './policies.ts'
import { versionOperations } from './policy-versions.ts'
import { roleOperations } from './roles.ts'
import { simulateOperations } from './simulate.ts'
import { tagOperations } from './tags.ts'
import { userOperations } from './users.ts'

/** AWS Identity and Access Management. */
export const iam: Service = {
  id: 'iam',
  protocol: 'query',
  signingNames: ['iam'],
  version: '2010-05-08',
  operations: {
    ...accountDetailOperations,
    ...aliasOperations,
    ...attachmentOperations,
    ...boundaryOperations,
    ...groupOperations,
    ...inlinePolicyOperations,
    ...policyOperations,
    ...roleOperations,
    ...simulateOperations,
    ...tagOperations,
    ...userOperations,
    ...versionOperations,
  },
}
