import { Refusal } from '../wire/refusal.ts'

// Codes and statuses: IAM API Reference, "Errors" of each action.
export const noSuchEntity = (message: string) => new Refusal('NoSuchEntity', message, 404)
export const alreadyExists = (message: string) => new Refusal('EntityAlreadyExists', message, 409)
export const deleteConflict = (message: string) => new Refusal('DeleteConflict', message, 409)
export const limitExceeded = (message: string) => new Refusal('LimitExceeded', message, 409)
export const malformedPolicy = (message: string) => new Refusal('MalformedPolicyDocument', message, 400)
export const invalidInput = (message: string) => new Refusal('InvalidInput', message, 400)
export const validationError = (message: string) => new Refusal('ValidationError', message, 400)
export const unmodifiable = (message: string) => new Refusal('UnmodifiableEntity', message, 400)
export const notAttachable = (message: string) => new Refusal('PolicyNotAttachable', message, 400)
