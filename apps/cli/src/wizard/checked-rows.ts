import { cellFacts, serverArns } from './cells.ts'
import { loaded, type Model } from './model.ts'
import { rowOf } from './rows.ts'

export interface CheckedCell {
  readonly server: string
  readonly text: string
  readonly missing: readonly string[]
  readonly extra: readonly string[]
  /** Neither as planned nor known to differ: what decides it could not be read. */
  readonly unknown: readonly string[]
  readonly more: readonly { readonly policy: string; readonly actions: readonly string[] }[]
}
export interface Checked {
  readonly title: string
  readonly cells: readonly CheckedCell[]
  readonly result: 'as planned' | 'more than planned' | 'missing access' | 'extra access' | 'not known'
  readonly because: readonly string[]
}

/** What the check says of each row of the grid. */
export function checkedRows(model: Model): readonly Checked[] {
  const checked = loaded(model.verification)
  const planned = loaded(model.plan)
  if (!checked || !planned) return []
  const { target } = planned.plan
  const actsAs = new Map(target.principals.map((each) => [each.arn, each.actsAs ?? each.arn]))
  return model.edit.members.map((member): Checked => {
    const principals = new Set([member.arn, actsAs.get(member.arn) ?? member.arn])
    const own = checked.differences.filter((each) => principals.has(each.principal))
    const open = (checked.unknown ?? []).filter((each) => principals.has(each.principal))
    const cells = model.edit.servers.map((server): CheckedCell => {
      const arns = new Set(serverArns(server, planned.snapshot, model.edit.region))
      const wanted = new Set(
        target.access
          .filter(
            (each) =>
              each.principals.some((arn) => principals.has(arn)) && each.servers.some((arn) => arns.has(arn)),
          )
          .flatMap((each) => each.actions),
      )
      const differences = own.filter((each) => arns.has(each.server))
      const more = checked.access
        .filter((each) => principals.has(each.principal) && arns.has(each.server))
        .flatMap((each) =>
          each.elsewhere.map((source) => ({
            policy: source.policy,
            actions: source.actions.filter((action) => !wanted.has(action)),
          })),
        )
        .filter((source) => source.actions.length > 0)
      return {
        server: server.key,
        text: cellFacts(model, member.arn, server).text || 'none',
        missing: differences.flatMap((each) => each.missing),
        extra: differences.flatMap((each) => each.extra),
        unknown: open.filter((each) => arns.has(each.server)).flatMap((each) => each.actions),
        more,
      }
    })
    const result = cells.some((cell) => cell.missing.length > 0)
      ? 'missing access'
      : cells.some((cell) => cell.extra.length > 0)
        ? 'extra access'
        : cells.some((cell) => cell.unknown.length > 0)
          ? 'not known'
          : cells.some((cell) => cell.more.length > 0)
            ? 'more than planned'
            : 'as planned'
    const because = [...new Set([...own, ...open].map((each) => each.because))]
    return { title: rowOf(member, model).title, cells, result, because }
  })
}
