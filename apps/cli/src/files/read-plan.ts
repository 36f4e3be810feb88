import { planId } from '@mlflow-iam/core/plan/build-plan'
import type { OperationAction } from '@mlflow-iam/core/plan/operation'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import { readInput } from './read-input.ts'
import { parseJson } from './read-snapshot.ts'
import { type Shape, shapeFault } from './shape.ts'

const inlineShape: Shape = {
  fields: {
    principal: 'text',
    instance: 'text',
    statements: { list: 'object' },
    document: 'text',
    purpose: 'text',
  },
}

const elsewhereAccess: Shape = {
  fields: {
    principals: { list: 'text' },
    servers: { list: 'text' },
    actions: { list: 'text' },
    s3: { list: 'text' },
  },
}

const elsewhereShape: Shape = {
  fields: {
    account: 'text',
    roles: {
      list: {
        fields: { role: 'text', trust: 'object', permissions: 'object', access: { list: elsewhereAccess } },
      },
    },
    buckets: { list: { fields: { bucket: 'text', policy: 'object' } } },
    keys: { list: { fields: { key: 'text', policy: 'object' } } },
  },
}

const planShape: Shape = {
  fields: {
    id: 'text',
    account: 'text',
    partition: 'text',
    region: 'text',
    name: 'text',
    prune: 'boolean',
    snapshot: { fields: { takenAt: 'text', fingerprint: 'object' } },
    target: {
      fields: {
        servers: { list: { fields: { key: 'text', resource: 'text', arns: { list: 'text' } } } },
        principals: { list: { fields: { arn: 'text', name: 'text', people: { list: 'text' } } } },
        roles: { list: { fields: { arn: 'text', name: 'text', trust: 'object' } } },
        policies: { list: { fields: { arn: 'text', name: 'text', path: 'text', document: 'object' } } },
        attachments: { list: { fields: { principal: 'text', policy: 'text' } } },
        access: { list: { fields: { actions: { list: 'text' } } } },
        inline: { optional: { list: inlineShape } },
        elsewhere: { optional: { list: elsewhereShape } },
      },
    },
    operations: {
      list: {
        fields: {
          id: 'text',
          action: 'text',
          input: 'object',
          because: 'text',
          risk: 'text',
          inverse: { list: { fields: { action: 'text', input: 'object' } } },
        },
      },
    },
    findings: { list: { fields: { level: 'text', code: 'text', message: 'text' } } },
    totals: { fields: { adds: 'number', changes: 'number', removes: 'number', deletes: 'number' } },
  },
}

/** Every request that a plan may hold; a plan file that asks for another was not written by this program. */
const known: Readonly<Record<OperationAction, true>> = {
  CreateRole: true,
  UpdateAssumeRolePolicy: true,
  TagRole: true,
  UntagRole: true,
  DeleteRole: true,
  CreatePolicy: true,
  CreatePolicyVersion: true,
  SetDefaultPolicyVersion: true,
  DeletePolicyVersion: true,
  DeletePolicy: true,
  TagPolicy: true,
  UntagPolicy: true,
  AttachUserPolicy: true,
  AttachGroupPolicy: true,
  AttachRolePolicy: true,
  DetachUserPolicy: true,
  DetachGroupPolicy: true,
  DetachRolePolicy: true,
  PutUserPolicy: true,
  PutGroupPolicy: true,
  PutRolePolicy: true,
  DeleteUserPolicy: true,
  DeleteGroupPolicy: true,
  DeleteRolePolicy: true,
  UpdateUserProfile: true,
  AttachCustomerManagedPolicyReferenceToPermissionSet: true,
  DetachCustomerManagedPolicyReferenceFromPermissionSet: true,
  PutInlinePolicyToPermissionSet: true,
  DeleteInlinePolicyFromPermissionSet: true,
  ProvisionPermissionSet: true,
}

/** Reads what `plan -o` saved. A plan that was edited or is none is exit 3: what was reviewed is what runs. */
export function readPlan(path: string): Plan {
  const value = parseJson(readInput(path, 'plan'), path, 'plan')
  const version =
    typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined
  if (version !== 1)
    throw notAPlan(path, `Its version is ${JSON.stringify(version)}; this program reads version 1.`)
  const fault = shapeFault(value, planShape)
  if (fault) throw notAPlan(path, fault)
  const plan = value as Plan
  for (const { id, action } of plan.operations) {
    if (!Object.hasOwn(known, action))
      throw notAPlan(path, `Operation ${id} asks for ${JSON.stringify(action)}.`)
  }
  const id = planId(plan)
  if (id !== plan.id) {
    throw new Problem('EDITED_PLAN', `The plan ${JSON.stringify(path)} was changed after it was made.`, {
      why: `Its id is ${JSON.stringify(plan.id)}, but its content has the id ${id}.`,
      fix: ['Edit the grants file instead, and plan again: mlflow-iam plan -f grants.yaml -o plan.json'],
      exit: exitCodes.badInput,
    })
  }
  return plan
}

function notAPlan(path: string, why: string): Problem {
  return new Problem('INVALID_PLAN', `${JSON.stringify(path)} is not a plan.`, {
    why,
    fix: ['Make one with: mlflow-iam plan -f grants.yaml -o plan.json', 'A grants file is given with -f.'],
    exit: exitCodes.badInput,
  })
}
