/**
 * The commands that work on an account. They share nearly all that they load, and every file that is loaded
 * costs a start more than the code in it, so they are one.
 */
export * as apply from './apply.ts'
export * as explain from './explain.ts'
export * as init from './init.ts'
export * as plan from './plan.ts'
export * as rollback from './rollback.ts'
export * as show from './show.ts'
export * as snapshot from './snapshot.ts'
export * as verify from './verify.ts'
