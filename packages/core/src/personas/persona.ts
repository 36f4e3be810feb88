/** A named set of actions with a purpose, written out. */
export interface Persona {
  /** `[a-z0-9-]{1,40}`: its name in files and in AWS. */
  readonly name: string
  readonly title: string
  readonly purpose: string
  /** Bare MLflow action names, sorted; written out also where `wildcard` is set. */
  readonly actions: readonly string[]
  /** Opens the MLflow UI: presigned URL, describe and list of servers come along. */
  readonly ui: boolean
  /** What its MLflow client does in the server's artifact prefix with the caller's own credentials. */
  readonly s3: S3Needs
  /** Full names of actions beside `sagemaker-mlflow`: `sagemaker:CreateMlflowTrackingServer`, `iam:PassRole`. */
  readonly alsoNeeds: readonly string[]
  /** Held as `sagemaker-mlflow:*` instead of by name. */
  readonly wildcard: boolean
  readonly builtIn: boolean
}

export interface S3Needs {
  readonly read: boolean
  readonly write: boolean
  readonly list: boolean
}
