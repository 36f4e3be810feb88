/** What reads a live account, loaded only when there is one. */
export { connect } from '@mlflow-iam/aws/connection'
export {
  needEverything,
  needsOfDeletions,
  needsOfFile,
  needsOfOperations,
} from '@mlflow-iam/aws/observe/needs'
export { observeAccount, observeIdentity } from '@mlflow-iam/aws/observe/observe-account'
