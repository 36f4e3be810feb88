import { awsManagedPolicies } from '../iam/aws-managed.ts'
import { entityId } from './ids.ts'
import type { AccountState, GroupState, PolicyState, PrincipalState, RoleState, UserState } from './state.ts'
import { Table } from './table.ts'

const byName = (row: { name: string }) => row.name.toLowerCase()

/** The state with what is needed to answer fast: rows by name, and how often each policy is used. */
export class Account {
  readonly state: AccountState
  readonly users: Table<UserState>
  readonly groups: Table<GroupState>
  readonly roles: Table<RoleState>
  /** Customer-managed policies. Names are unique whatever path and case. */
  readonly policies: Table<PolicyState>
  readonly awsPolicies: Table<PolicyState>
  readonly #attachments = new Map<string, number>()
  readonly #boundaries = new Map<string, number>()

  constructor(state: AccountState) {
    this.state = state
    this.users = new Table(state.users, byName)
    this.groups = new Table(state.groups, byName)
    this.roles = new Table(state.roles, byName)
    this.policies = new Table(state.policies, byName)
    this.awsPolicies = new Table(awsManagedPolicies(state.partition), byName)
    for (const holder of [...state.users, ...state.groups, ...state.roles]) {
      for (const arn of holder.attached) count(this.#attachments, arn, 1)
    }
    for (const holder of [...state.users, ...state.roles]) {
      if (holder.boundary !== undefined) count(this.#boundaries, holder.boundary, 1)
    }
  }

  /** ARN of something in IAM: `arn('role/teams/', 'trainer')`. */
  iamArn(kind: 'user' | 'group' | 'role' | 'policy', path: string, name: string): string {
    return `arn:${this.state.partition}:iam::${this.state.account}:${kind}${path}${name}`
  }

  regionalArn(region: string, resource: string): string {
    return `arn:${this.state.partition}:sagemaker:${region}:${this.state.account}:${resource}`
  }

  /** A managed policy by its ARN, customer's or AWS's own. */
  policyByArn(arn: string): PolicyState | undefined {
    const name = arn.slice(arn.lastIndexOf('/') + 1).toLowerCase()
    const own = this.policies.find(name)
    if (own?.arn === arn) return own
    const aws = this.awsPolicies.find(name)
    return aws?.arn === arn ? aws : undefined
  }

  /** AWS's own policies that something in the account uses. */
  usedAwsPolicies(): PolicyState[] {
    return this.awsPolicies.rows.filter(({ arn }) => this.attachmentsOf(arn) + this.boundariesOf(arn) > 0)
  }

  nextSeed(): string {
    this.state.counter += 1
    return `${this.state.account}/${this.state.counter}`
  }

  newId(prefix: Parameters<typeof entityId>[0]): string {
    return entityId(prefix, this.nextSeed())
  }

  attachmentsOf(policyArn: string): number {
    return this.#attachments.get(policyArn) ?? 0
  }

  boundariesOf(policyArn: string): number {
    return this.#boundaries.get(policyArn) ?? 0
  }

  attach(holder: PrincipalState, policyArn: string): void {
    holder.attached.push(policyArn)
    count(this.#attachments, policyArn, 1)
  }

  detach(holder: PrincipalState, policyArn: string): void {
    holder.attached.splice(holder.attached.indexOf(policyArn), 1)
    count(this.#attachments, policyArn, -1)
  }

  setBoundary(holder: UserState | RoleState, policyArn: string | undefined): void {
    if (holder.boundary !== undefined) count(this.#boundaries, holder.boundary, -1)
    if (policyArn === undefined) delete holder.boundary
    else {
      holder.boundary = policyArn
      count(this.#boundaries, policyArn, 1)
    }
  }
}

function count(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}
