import type { Plugin } from 'esbuild'

export declare const mayBeEmoji: RegExp
export declare function fasterStart(): {
  readonly plugin: Plugin
  assertApplied(inputs: readonly string[]): void
}
