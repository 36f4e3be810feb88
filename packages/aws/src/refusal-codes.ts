/** What to try where AWS looked at a request and said no, by the name of its error without `Exception`. */
export const refusalCodes: Readonly<Record<string, { code: string; fix: string }>> = {
  LimitExceeded: {
    code: 'QUOTA_EXCEEDED',
    fix: 'Free a place (detach or delete what is not needed), or ask AWS for a higher quota in Service Quotas.',
  },
  ResourceLimitExceeded: { code: 'QUOTA_EXCEEDED', fix: 'Ask AWS for a higher quota in Service Quotas.' },
  ServiceQuotaExceeded: { code: 'QUOTA_EXCEEDED', fix: 'Ask AWS for a higher quota in Service Quotas.' },
  MalformedPolicyDocument: {
    code: 'MALFORMED_POLICY',
    fix: 'Look at the document with `mlflow-iam plan --show json`; a principal that it names may not exist.',
  },
  EntityAlreadyExists: {
    code: 'NAME_TAKEN',
    fix: 'Pick another name, or remove what has it, then plan again.',
  },
  DeleteConflict: { code: 'DELETE_CONFLICT', fix: 'Detach what still uses it, then run the command again.' },
  NoSuchEntity: { code: 'NOT_FOUND', fix: 'Make a new plan: the account has changed since.' },
  ResourceNotFound: { code: 'NOT_FOUND', fix: 'Check the name and the region, then make a new plan.' },
  UnmodifiableEntity: { code: 'NOT_CHANGEABLE', fix: 'Use another role: AWS keeps this one for itself.' },
  PolicyNotAttachable: { code: 'NOT_ATTACHABLE', fix: 'Use another policy: AWS keeps this one for itself.' },
  InvalidInput: { code: 'INVALID_REQUEST', fix: 'Check the names in the grants file, then make a new plan.' },
  ValidationError: {
    code: 'INVALID_REQUEST',
    fix: 'Check the names in the grants file, then make a new plan.',
  },
  Validation: { code: 'INVALID_REQUEST', fix: 'Check the names in the grants file, then make a new plan.' },
  Conflict: { code: 'CONFLICT', fix: 'Wait until the other change is through, then run the command again.' },
}
