import { type Paint, paintFor } from './paint.ts'

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
  const { env, stdin, stdout, stderr } = process
  const write = (stream: NodeJS.WriteStream) => (text: string) =>
    void stream.write(text.endsWith('\n') ? text : `${text}\n`)
  const quiet = settings.quiet ?? false
  return {
    out: write(stdout),
    note: quiet ? () => undefined : write(stderr),
    error: write(stderr),
    paint: paintFor(settings.color, env, stdout.isTTY === true),
    paintError: paintFor(settings.color, env, stderr.isTTY === true),
    width: widthOf(env.COLUMNS, stdout.columns),
    ascii: settings.ascii ?? !speaksUtf8(env),
    json: settings.json ?? false,
    quiet,
    verbose: settings.verbose ?? 0,
    canAsk: stdin.isTTY === true && stdout.isTTY === true && settings.noInput !== true,
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
