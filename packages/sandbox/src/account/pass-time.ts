import { provisionAccounts } from '../sso-admin/reserved-role.ts'
import type { Account } from './account.ts'

/**
 * Time in the account passes by requests: what takes a while in AWS takes one or two of them here, so that
 * waiting can be tried and tested without a clock.
 */
export function passTime(account: Account): void {
  const { servers, apps, profiles, center } = account.state
  settle(servers)
  settle(apps)
  settle(profiles)
  removeDeleted(servers)
  removeDeleted(apps)
  for (const provisioning of center?.provisionings ?? []) {
    if (provisioning.pending === 0) continue
    provisioning.pending -= 1
    if (provisioning.pending === 0) provisionAccounts(account, provisioning)
  }
}

function settle(rows: { transition?: { requests: number } }[]): void {
  for (const row of rows) {
    if (row.transition === undefined) continue
    row.transition.requests -= 1
    if (row.transition.requests <= 0) delete row.transition
  }
}

/** A deletion that is over: the status beneath the transition says so. */
function removeDeleted(rows: { status: string; transition?: object }[]): void {
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const row = rows[index]
    if (row?.status === 'Deleting' && row.transition === undefined) rows.splice(index, 1)
  }
}
