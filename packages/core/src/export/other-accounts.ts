import type { Plan } from '../plan/plan.ts'
import { arnName, parseArn } from '../policy/arn.ts'
import { documentText, type PolicyDocument } from '../policy/document.ts'
import type { TargetElsewhere } from '../target/target-elsewhere.ts'
import type { ExportedFile } from './exporter.ts'

/** One document that another account needs, and what it is part of there. */
export interface OtherDocument {
  /** `mlflow-access.trust.json` */
  readonly fileName: string
  readonly document: PolicyDocument
  readonly place:
    | { readonly kind: 'trust' | 'permissions'; readonly role: string; readonly path: string }
    | { readonly kind: 'bucket'; readonly bucket: string }
    | { readonly kind: 'key'; readonly key: string }
}

/** The documents for one other account, in the order to carry them out. Empty ones are left out: nobody is named in them. */
export function otherDocuments({ roles, buckets, keys }: TargetElsewhere): readonly OtherDocument[] {
  const all = [
    ...roles.flatMap(({ role, trust, permissions }): readonly OtherDocument[] => {
      const name = arnName(role)
      const path = /^role(\/(?:.*\/)?)[^/]*$/u.exec(parseArn(role)?.resource ?? '')?.[1] ?? '/'
      return [
        { fileName: `${name}.trust.json`, document: trust, place: { kind: 'trust', role: name, path } },
        {
          fileName: `${name}.permissions.json`,
          document: permissions,
          place: { kind: 'permissions', role: name, path },
        },
      ]
    }),
    ...buckets.map(
      ({ bucket, policy }): OtherDocument => ({
        fileName: `${bucket}.bucket-policy.json`,
        document: policy,
        place: { kind: 'bucket', bucket },
      }),
    ),
    ...keys.map(
      ({ key, policy }): OtherDocument => ({
        fileName: `key-${arnName(key)}.key-policy.json`,
        document: policy,
        place: { kind: 'key', key },
      }),
    ),
  ]
  return all
    .filter(({ document }) => [document.Statement].flat().length > 0)
    .map((one) => ({ ...one, fileName: safeName(one.fileName) }))
}

/** `other-accounts/<account>/`, with `/` at its end. */
export function otherFolder({ account }: TargetElsewhere): string {
  return `other-accounts/${safeName(account)}/`
}

/** `other-accounts/<account>/<name>.json` for each document that another account needs. */
export function otherAccountFiles(plan: Plan): readonly ExportedFile[] {
  return (plan.target.elsewhere ?? []).flatMap((elsewhere) =>
    otherDocuments(elsewhere).map(({ fileName, document }) => ({
      path: `${otherFolder(elsewhere)}${fileName}`,
      text: `${documentText(document)}\n`,
      executable: false,
    })),
  )
}

/** Names in AWS are file names but for a leading dot or dash; anything else does not come from a plan of ours. */
function safeName(name: string): string {
  return name.replace(/[^A-Za-z0-9+=,.@_-]/gu, '_').replace(/^[.-]/u, '_')
}
