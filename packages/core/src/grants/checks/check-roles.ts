import { checkDuplicates } from './check-duplicates.ts'
import type { Home } from './check-home.ts'
import { checkKeys } from './check-servers.ts'
import { mapOf, type Report } from './loose.ts'

/** Lists of the two service roles name nothing twice, and their keys are of the file's partition. */
export function checkRoles(roles: unknown, home: Home, report: Report): void {
  const { 'tracking-server': trackingServer, sagemaker } = mapOf(roles)
  checkDuplicates(mapOf(trackingServer).buckets, ['roles', 'tracking-server', 'buckets'], report)
  checkKeys(mapOf(trackingServer).kms, ['roles', 'tracking-server', 'kms'], home, report)
  checkDuplicates(mapOf(sagemaker).passes, ['roles', 'sagemaker', 'passes'], report)
}
