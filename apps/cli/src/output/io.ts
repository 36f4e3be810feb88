import { fstatSync } from 'node:fs'
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
  /** Columns of standard error where that is a terminal; no end elsewhere, so that programs find whole sentences. */
  readonly errorWidth: number
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

/** Looks at the process and decides how to speak; at its terminal only when someone asks. */
export function openIo(settings: IoSettings): Io {
  const { env } = process
  const quiet = settings.quiet ?? false
  const ascii = settings.ascii ?? !speaksUtf8(env)
  const error = (text: string) => writeStream(2, ascii ? inAscii(text) : text)
  const seen = new Map<number, boolean>()
  const terminal = (descriptor: number) => {
    const known = seen.get(descriptor) ?? isTerminal(descriptor)
    seen.set(descriptor, known)
    return known
  }
  return {
    out: (text) => writeStream(1, text),
    note: quiet ? () => undefined : error,
    error,
    get paint() {
      return paintFor(settings.color, env, terminal(1))
    },
    get paintError() {
      return paintFor(settings.color, env, terminal(2))
    },
    get width() {
      return widthOf(env.COLUMNS, terminal(1) ? process.stdout.columns : undefined)
    },
    get errorWidth() {
      return terminal(2) ? widthOf(env.COLUMNS, process.stderr.columns) : Number.POSITIVE_INFINITY
    },
    ascii,
    json: settings.json ?? false,
    quiet,
    verbose: settings.verbose ?? 0,
    get canAsk() {
      return settings.noInput !== true && terminal(0) && terminal(1)
    },
  }
}

/** Asks Node only about what can be a terminal: its module for that brings all of sockets and streams with it. */
export function isTerminal(descriptor: number): boolean {
  try {
    if (!fstatSync(descriptor).isCharacterDevice()) return false
  } catch {
    // A descriptor that cannot be looked at: Node knows.
  }
  return process.getBuiltinModule('node:tty').isatty(descriptor)
}

function widthOf(asked: string | undefined, seen: number | undefined): number {
  const columns = Number(asked)
  if (Number.isInteger(columns) && columns > 0) return columns
  return seen !== undefined && seen > 0 ? seen : 80
}

/** Our own signs in characters that every terminal has; never for results, which programs read byte by byte. */
export function inAscii(text: string): string {
  return text.replaceAll('…', '...').replaceAll('·', '-').replaceAll('→', '->')
}

/** A terminal whose locale is known not to be UTF-8 gets plain characters; an unset locale says nothing. */
function speaksUtf8(env: NodeJS.ProcessEnv): boolean {
  if (env.TERM === 'linux') return false
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG
  return locale === undefined || locale === '' || /utf-?8/i.test(locale) || !/^(C|POSIX)$|\./.test(locale)
}
