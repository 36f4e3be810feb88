export { applyPlan, refuseUnfinished } from './apply/apply-plan.ts'
export type { Ending } from './apply/engine.ts'
export type { ApplyError, ApplyEvent, ApplyOptions } from './apply/events.ts'
export { checkFresh, observeFor } from './apply/observe-for.ts'
export { prepareResume, type ResumePlan, resumeApply } from './apply/resume.ts'
export { applyRollback, planRollback, rollbackJournal } from './apply/rollback.ts'
export { type AwsConnection, type AwsSettings, connect, type RequestHandler } from './connection.ts'
export { needEverything, needIamOnly, needsOfFile, type ObserveNeeds } from './observe/needs.ts'
export {
  type Identity,
  type ObserveOptions,
  observeAccount,
  observeIdentity,
} from './observe/observe-account.ts'
export { redact } from './redact.ts'
export { type Doing, toProblem } from './refusals.ts'
export {
  type SimulatedComparison,
  type SimulateOptions,
  simulatePrincipals,
  simulationBlindSpots,
} from './simulate/simulate-principals.ts'
export { realTime, type Timing } from './time.ts'
