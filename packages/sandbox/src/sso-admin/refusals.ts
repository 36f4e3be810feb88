import { Refusal } from '../wire/refusal.ts'

// IAM Identity Center API Reference, "Errors" of each action.
export const notFound = (message: string) => new Refusal('ResourceNotFoundException', message, 400)
export const conflict = (message: string) => new Refusal('ConflictException', message, 400)
export const invalid = (message: string) => new Refusal('ValidationException', message, 400)
export const overQuota = (message: string) => new Refusal('ServiceQuotaExceededException', message, 400)
