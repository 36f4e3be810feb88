/** What asks IAM itself to decide, loaded only for `verify --method simulate`. */
export { simulatePrincipals } from '@mlflow-iam/aws/simulate/simulate-principals'
