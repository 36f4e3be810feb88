import { findAction, mlflowActions } from '@mlflow-iam/core/catalog/actions'
import { s3NeedsOfActions } from '@mlflow-iam/core/catalog/closure'
import { findFunctions, mlflowFunctions, needsOf } from '@mlflow-iam/core/catalog/functions'
import { closestName } from '@mlflow-iam/core/catalog/suggest-name'
import { readDenial } from '@mlflow-iam/core/evaluate/read-denial'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import { principalWord, serverWord } from '../output/names.ts'
import { s3Words } from './catalog.ts'

/** What a query needs. */
export interface Explanation {
  readonly query: string
  readonly kind: 'action' | 'function' | 'denial'
  readonly needs: { readonly actions: readonly string[]; readonly s3: readonly string[] }
  /** ARNs that a denial names. */
  readonly about: { readonly principal?: string; readonly server?: string }
}

export interface Holder {
  readonly principal: string
  readonly server: string
  readonly decision: string
  readonly policy: string | null
  readonly statement: string | null
}

/** What a query needs, from the reference data alone. Something that is none of the three is exit 3. */
export function answerQuery(query: string): Explanation {
  const text = query.trim()
  const action = /^[\w-]+(:[\w*]+)?$/.test(text) ? findAction(text) : undefined
  if (action) {
    const mlflow = action.name.startsWith('sagemaker-mlflow:')
    const needs = {
      actions: [mlflow ? action.bare : action.name],
      s3: mlflow ? s3Words(s3NeedsOfActions([action.bare])) : [],
    }
    return explanation(query, 'action', needs)
  }
  const denial = readDenial(text)
  if (denial) {
    const found = findAction(denial.action)
    const bare = found?.name.startsWith('sagemaker-mlflow:') ? found.bare : (found?.name ?? denial.action)
    const about = {
      ...(denial.principal === undefined ? {} : { principal: denial.principal }),
      ...(denial.resource?.includes(':mlflow-tracking-server/') ? { server: denial.resource } : {}),
    }
    return { ...explanation(query, 'denial', { actions: [bare], s3: s3OfAction(bare) }), about }
  }
  const functions = findFunctions(text)
  if (functions.length > 0) {
    const { actions, s3, alsoNeeds } = needsOf(functions)
    return explanation(query, 'function', { actions: [...actions, ...alsoNeeds], s3: s3Words(s3) })
  }
  throw unknownQuery(text)
}

function explanation(query: string, kind: Explanation['kind'], needs: Explanation['needs']): Explanation {
  return { query, kind, needs, about: {} }
}

/** The smallest grant that would allow it, as grants-file lines; empty where no MLflow action is needed. */
export function smallestGrant({ needs, about }: Explanation, principal?: string, server?: string): string {
  const own = needs.actions.filter((action) => !action.includes(':'))
  if (own.length === 0) return ''
  const to = principal ?? (about.principal === undefined ? 'user/NAME' : principalWord(about.principal))
  const on = server ?? (about.server === undefined ? 'SERVER' : serverWord(about.server))
  return `- to: ${to}\n  on: ${on}\n  add: [${own.join(', ')}]\n`
}

const s3Actions: Readonly<Record<string, string>> = {
  's3:GetObject': 'read',
  's3:PutObject': 'write',
  's3:AbortMultipartUpload': 'write',
  's3:ListBucket': 'list',
}

function s3OfAction(action: string): readonly string[] {
  const word = Object.hasOwn(s3Actions, action) ? s3Actions[action] : undefined
  return word === undefined ? [] : [word]
}

function unknownQuery(text: string): Problem {
  const names = [...mlflowActions.map(({ bare }) => bare), ...mlflowFunctions.map(({ name }) => name)]
  const close = closestName(text, names)
  return new Problem('UNKNOWN_QUERY', `${JSON.stringify(text.slice(0, 200))} is not known.`, {
    why: 'It is no action, no MLflow function on record, and no AccessDenied message.',
    fix: [
      close === undefined
        ? 'See: mlflow-iam catalog actions, mlflow-iam catalog functions'
        : `Did you mean ${close}?`,
    ],
    exit: exitCodes.badInput,
  })
}
