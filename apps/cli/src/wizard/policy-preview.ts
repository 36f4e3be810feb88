import { parseGrants } from '@mlflow-iam/core/grants/parse-grants'
import { documentText } from '@mlflow-iam/core/policy/document'
import { policySize } from '@mlflow-iam/core/policy/measure'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { compileTarget } from '@mlflow-iam/core/target/compile-target'
import type { Target } from '@mlflow-iam/core/target/target'
import type { Edit, Member } from './edit.ts'
import { grantsText } from './grants-text.ts'
import { loaded, type Model } from './model.ts'

export interface PolicyPreview {
  readonly name: string
  readonly text: string
  /** One line for each statement. */
  readonly statements: readonly string[]
  /** Characters as IAM counts them. */
  readonly size: number
}

/** Beginning of time: a preview must not depend on the clock, and grants that have ended are shown as they are. */
const noTime = new Date(0)

const targets = new WeakMap<Edit, { snapshot: Snapshot; key: string; target: Target | undefined }>()

/** Compiles a part of the edit exactly as the plan will; `undefined` where the file has an error. */
function compilePart(edit: Edit, snapshot: Snapshot, part: Edit, key: string): Target | undefined {
  const known = targets.get(edit)
  if (known && known.snapshot === snapshot && known.key === key) return known.target
  let target: Target | undefined
  try {
    target = compileTarget(parseGrants(grantsText(part), 'grants.yaml'), snapshot, noTime).target
  } catch {
    target = undefined
  }
  targets.set(edit, { snapshot, key, target })
  return target
}

/** The policy that a service role would get. */
export function rolePolicy(
  model: Model,
  purpose: 'tracking-server' | 'sagemaker',
): PolicyPreview | undefined {
  const snapshot = loaded(model.snapshot)
  if (!snapshot || !model.edit.roles[purpose]) return undefined
  const part = { ...model.edit, members: [], cells: {} }
  const target = compilePart(model.edit, snapshot, part, 'roles')
  const role = target?.roles.find((each) => each.purpose === purpose)
  return role && previewsOf(target, role.arn)[0]
}

/** The policies that one principal would hold through what the grid says about it. */
export function memberPolicies(model: Model, member: Member): readonly PolicyPreview[] {
  const snapshot = loaded(model.snapshot)
  if (!snapshot) return []
  const part = { ...model.edit, roles: {}, members: [member] }
  return previewsOf(compilePart(model.edit, snapshot, part, member.arn), member.arn)
}

function previewsOf(target: Target | undefined, principal: string): readonly PolicyPreview[] {
  if (!target) return []
  const held = new Set(
    target.attachments.filter((each) => each.principal === principal).map((each) => each.policy),
  )
  return target.policies
    .filter((policy) => held.has(policy.arn))
    .map((policy) => ({
      name: policy.name,
      text: documentText(policy.document),
      statements: [policy.document.Statement]
        .flat()
        .map((statement) => JSON.stringify(statement).replace(/([:,])(?=["[{])/g, '$1 ')),
      size: policySize(policy.document),
    }))
}
