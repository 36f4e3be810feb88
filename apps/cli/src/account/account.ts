import type { AwsConnection } from '@mlflow-iam/aws/connection'
import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'

/** One account that a command or the wizard works on, real or not. */
export interface Account {
  readonly kind: 'aws' | 'sandbox' | 'snapshot' | 'offline'
  /** Flags that reach the same account from a shell: `--sandbox`, `--profile ml-prod-admin`. */
  readonly shellFlags: string
  /** Reads what is wanted. Throws exit 3 with both ids where it is another account than the one expected. */
  observe(wanted: Wanted): Promise<Snapshot>
  /** The live connection. Throws exit 3 for a snapshot or an assumed account: nothing can be sent there. */
  connection(): Promise<AwsConnection>
  /** The id of the account: one call, or none where it is known. */
  id(): Promise<string>
  close(): void
}

export interface Wanted {
  /** Reads only what this file names; everything that can be looked at where it is absent. */
  readonly file?: GrantsFile
  /** Reads also what holds policies of the file without being named by it. */
  readonly prune?: boolean
  /** Reads only what this plan speaks of: IAM, its servers, its permission sets. */
  readonly plan?: Plan
  /** Reads only what this plan's operations depend on. */
  readonly operationsOf?: Plan
  /** The account id that it must be. */
  readonly expected?: string
  /** The profile that was to lead there, for the message. */
  readonly profile?: string
  /** Who expects it, for the message: `grants.yaml`, `the plan`. */
  readonly expectedBy?: string
}
