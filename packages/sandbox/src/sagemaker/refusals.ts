import { Refusal } from '../wire/refusal.ts'

// SageMaker's names for these have no "Exception" at their end (Amazon SageMaker API Reference).
export const notFound = (message: string) => new Refusal('ResourceNotFound', message, 400)
export const inUse = (message: string) => new Refusal('ResourceInUse', message, 400)
export const conflict = (message: string) => new Refusal('ConflictException', message, 400)
export const limitExceeded = (message: string) => new Refusal('ResourceLimitExceeded', message, 400)
export const invalid = (message: string) => new Refusal('ValidationException', message, 400)
