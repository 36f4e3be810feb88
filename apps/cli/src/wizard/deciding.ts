/** What the wizard asks of the policy model, in one import: it is loaded after the first screen is drawn. */
export { compareAccess } from '@mlflow-iam/core/evaluate/compare-access'
export { grantsForAccount } from '@mlflow-iam/core/grants/for-account'
export { parseGrants } from '@mlflow-iam/core/grants/parse-grants'
export { buildPlan } from '@mlflow-iam/core/plan/build-plan'
export { findStaleness } from '@mlflow-iam/core/plan/fingerprint'
