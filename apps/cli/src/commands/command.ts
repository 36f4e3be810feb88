import type { Io } from '../output/io.ts'
import type { FlagName, FlagSpec, FlagValues } from './flags.ts'

/** One line of the command table. Help, completion, the man page and the parser all read it. */
export interface CommandSpec {
  readonly name: string
  /** One sentence, shown in the list of commands and first in its own help. */
  readonly summary: string
  /** What follows `mlflow-iam`, one line for each form. */
  readonly usage: readonly string[]
  /** A command line without `mlflow-iam`, and what it does. */
  readonly examples: readonly (readonly [line: string, what: string])[]
  /** Its own flags beside the global ones, with what differs for this command. */
  readonly flags: { readonly [Name in FlagName]?: Partial<FlagSpec> }
  /** Words that may stand first after the name. */
  readonly words?: readonly string[]
  /** What completion offers for its arguments; files where it says nothing. */
  readonly completes?: 'actions'
  /** The most arguments it takes. */
  readonly arguments: number
  readonly load: () => Promise<{ readonly run: Command }>
}

/** Carries a command out and says how the process should end. */
export type Command = (call: Call) => Promise<number>

export interface Call {
  readonly command: CommandSpec
  readonly arguments: readonly string[]
  readonly flags: FlagValues
  readonly io: Io
}
