/** What writes to an account, loaded only when something is to be written. */
export { applyPlan, refuseUnfinished } from '@mlflow-iam/aws/apply/apply-plan'
export { prepareResume, resumeApply } from '@mlflow-iam/aws/apply/resume'
export { applyRollback, prepareRollback } from '@mlflow-iam/aws/apply/rollback'
