import type { MlflowFunction } from '../catalog/mlflow-function.ts'

/** What a piece of code does with MLflow: the calls found, and the places that reading alone cannot decide. */
export interface CodeReading {
  readonly calls: readonly FoundCall[]
  readonly undecided: readonly Undecided[]
}

/** One call of an MLflow function, with the recorded call forms that it can mean. */
export interface FoundCall {
  /** `train.py:41` */
  readonly at: string
  /** The cell of a notebook, in words: `cell 3, line 2`. */
  readonly cell?: string
  /** `mlflow.sklearn.log_model`, `MlflowClient.log_metric` */
  readonly function: string
  readonly forms: readonly MlflowFunction[]
}

/** A place that may call MLflow in a way that is not seen here. */
export interface Undecided {
  readonly at: string
  /** One plain sentence. */
  readonly why: string
}
