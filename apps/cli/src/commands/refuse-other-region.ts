import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { FlagValues } from './flags.ts'

/**
 * Exit 3 where `--region` names another Region than the file, whose own is what counts: whoever typed it means other
 * servers than would be granted. Where the file leads to Identity Center, which has a Region of its own, the flag says
 * where that is.
 */
export function refuseOtherRegion(
  { region, grants, permissionSets }: GrantsFile,
  flags: Pick<FlagValues, 'region' | 'prune'>,
): void {
  if (region === undefined || flags.region === undefined || flags.region === region) return
  const looksInCenter =
    flags.prune ||
    permissionSets.length > 0 ||
    grants.some(({ to }) => to.some(({ kind }) => kind === 'permission-set'))
  if (looksInCenter) return
  throw new Problem('OTHER_REGION', `The grants file is for ${region}, not ${flags.region}.`, {
    why: `Its region says where its servers are, and --region ${flags.region} would change nothing.`,
    fix: [
      `Leave --region out, or write region: ${flags.region} into the file, at its top or for one server.`,
    ],
    exit: exitCodes.badInput,
  })
}
