import { type Complaint, showText } from '../complaint.ts'
import type { PrincipalRef } from '../grants-file.ts'
import { policyName } from './names.ts'
import { readPrincipal } from './principal.ts'

/** Who can have an inline policy of its own in IAM. */
export type InlineHolder = Extract<PrincipalRef, { readonly kind: 'user' | 'group' | 'role' }>

/** An inline policy as a file names it: it exists nowhere but on its holder. */
export interface InlineRef {
  readonly name: string
  readonly holder: InlineHolder
}

export const inlineStart = 'inline:'

// No policy's name holds `/` or `:`, so the first one of either is behind the `@` that ends the name.
const parts = /^inline:([^/:]*)@((?:arn:|[a-z-]+\/).*)$/u

/** Reads `inline:NAME@role/NAME`, or says what is wrong with it. */
export function readInlinePolicy(text: string): InlineRef | Complaint {
  const [, name = '', who = ''] = parts.exec(text) ?? []
  if (who === '') {
    return {
      what: `${showText(text, 100)} names no inline policy.`,
      why: 'An inline policy exists only on its user, group or role, so both are named.',
      fix: 'Write it like inline:mlflow-access@role/ds-shared.',
    }
  }
  const wrong = policyName.complain(name)
  if (wrong) return { ...wrong, what: `${showText(text, 100)}: ${wrong.what}` }
  if (/^permission-set\/|[/:]AWSReservedSSO_/u.test(who)) {
    return {
      what: `${showText(text, 100)} is of a permission set.`,
      why: 'A permission set has one inline policy, and what others wrote in it is never changed.',
      fix: 'Take its statements out in Identity Center, once the grants are in place.',
    }
  }
  const holder = readPrincipal(who)
  if (!('kind' in holder)) return holder
  if (holder.kind === 'user' || holder.kind === 'group' || holder.kind === 'role') return { name, holder }
  return {
    what: `${showText(text, 100)} names nobody who has inline policies.`,
    why: 'Profiles and domains act through an execution role, and the policy is on that role.',
    fix: `Name the role: inline:${name}@role/NAME.`,
  }
}
