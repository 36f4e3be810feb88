import { isatty } from 'node:tty'
import { type Paint, paintFor } from './paint.ts'
import { writeStream } from './write-stream.ts'

/** The streams and what they can show. Results go to `out`; everything else goes to `note` or `error`. */
export interface Io {
  /** Prints a result on standard output. */
  readonly out: (text: string) => void
  /** Says something on the side: progress, warnings, hints. Silent with `--quiet`. */
  readonly note: (text: string) => void
  /** Says what must be read, also with `--quiet`. */
  readonly error: (text: string) => void
  readonly paint: Paint
  readonly paintError: Paint
  /** Columns of standard output; 80 where they are not known. */
  readonly width: number
  readonly ascii: boolean
  readonly json: boolean
  readonly quiet: boolean
  /** How often `-v` was given. */
  readonly verbose: number
  /** Standard input and standard output are a terminal, and asking was not ruled out. */
  readonly canAsk: boolean
}

export interface IoSettings {
  readonly json?: boolean
  readonly quiet?: boolean
  readonly verbose?: number
  readonly color?: string
  readonly ascii?: boolean
  readonly noInput?: boolean
}

/** Looks at the process once and decides how to speak. */
export function openIo(settings: IoSettings): Io {
  const { env } = process
  const [input, output, errors] = [isatty(0), isatty(1), isatty(2)]
  const quiet = settings.quiet ?? false
  const error = (text: string) => writeStream(2, text)
  return {
    out: (text) => writeStream(1, text),
    note: quiet ? () => undefined : error,
    error,
    paint: paintFor(settings.color, env, output),
    paintError: paintFor(settings.color, env, errors),
    width: widthOf(env.COLUMNS, output ? process.stdout.columns : undefined),
    ascii: settings.ascii ?? !speaksUtf8(env),
    json: settings.json ?? false,
    quiet,
    verbose: settings.verbose ?? 0,
    canAsk: input && output && settings.noInput !== true,
  }
}

function widthOf(asked: string | undefined, seen: number | undefined): number {
  const columns = Number(asked)
  if (Number.isInteger(columns) && columns > 0) return columns
  return seen !== undefined && seen > 0 ? seen : 80
}

/** A terminal whose locale is known not to be UTF-8 gets plain characters; an unset locale says nothing. */
function speaksUtf8(env: NodeJS.ProcessEnv): boolean {
  if (env.TERM === 'linux') return false
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG
  return locale === undefined || locale === '' || /utf-?8/i.test(locale) || !/^(C|POSIX)$|\./.test(locale)
}
