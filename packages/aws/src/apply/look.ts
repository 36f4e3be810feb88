import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { AwsConnection } from '../connection.ts'
import { failureKind } from '../failure.ts'
import { patiently } from '../read.ts'
import type { Timing } from '../time.ts'

/** A look at single objects of an account. */
export interface Look {
  readonly connection: AwsConnection
  readonly timing: Timing
  readonly plan: Pick<Plan, 'account' | 'partition' | 'region'>
}

/** What a look found: the parts of a snapshot that hold the object, or none of them where it does not exist. */
export type Found = Partial<
  Pick<Snapshot, 'users' | 'groups' | 'roles' | 'policies' | 'profiles' | 'permissionSets'>
>

/** An answer, or undefined where the object does not exist. */
export async function ask<T>(look: Look, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await patiently(call, look.timing)
  } catch (error) {
    if (failureKind(error) === 'missing') return undefined
    throw error
  }
}
