/** What a notebook cell runs outside Python: the row in the cell, and a sentence. */
export interface HiddenCommand {
  readonly row: number
  readonly why: string
}

/** Cell magics whose body is Python all the same. */
const pythonCells = new Set(['%%time', '%%timeit', '%%capture', '%%prun', '%%python', '%%python3', '%%local'])
/** Line magics whose rest is Python. */
const pythonLine = /^(\s*)%(time|timeit|prun|memit|lprun)\b(?:\s+-\w+(?:\s+\d+)?)*\s+/

/** Takes IPython's own syntax (`%magic`, `%%cell`, `!shell`, `name?`) out of a cell; its lines stay where they are. */
export function replaceMagics(cell: string): {
  readonly python: string
  readonly hidden: readonly HiddenCommand[]
} {
  const rows = cell.split('\n')
  const hidden: HiddenCommand[] = []
  const first = rows.findIndex((row) => row.trim() !== '')
  const head = /^\s*(%%\w+)(.*)$/.exec(rows[first] ?? '')
  if (head?.[1]) {
    if (!pythonCells.has(head[1])) {
      const why = describeCell(head[1], head[2] ?? '', rows.slice(first + 1).join('\n'))
      return { python: '', hidden: why ? [{ row: first, why }] : [] }
    }
    rows[first] = ''
  }
  for (let row = 0; row < rows.length; row++) {
    const text = rows[row] ?? ''
    const timed = pythonLine.exec(text)
    if (timed) {
      rows[row] = (timed[1] ?? '') + text.slice(timed[0].length)
      continue
    }
    const command = findCommand(text)
    if (!command) continue
    const why = describeCommand(command.words)
    if (why) hidden.push({ row, why })
    rows[row] = command.python
    // A shell command goes on behind a backslash.
    for (let more = text; more.trimEnd().endsWith('\\') && row + 1 < rows.length; rows[row] = '') {
      row += 1
      more = rows[row] ?? ''
    }
  }
  return { python: rows.join('\n'), hidden }
}

/** What stands in a row beside Python, and the Python to put in its place. */
function findCommand(row: string): { readonly words: string; readonly python: string } | undefined {
  const words = row.trim()
  const indent = row.slice(0, row.length - row.trimStart().length)
  if (isCommand(words) || /^\?{1,2}[\w.]+$/.test(words) || /^[\w.]+\?{1,2}$/.test(words)) {
    // Setting this variable changes what start_run calls.
    const names = words.includes('MLFLOW_EXPERIMENT_NAME')
    return { words, python: indent + (names ? '"MLFLOW_EXPERIMENT_NAME"' : 'pass') }
  }
  const equals = row.indexOf('=')
  const value = row.slice(equals + 1).trimStart()
  if (equals > 0 && isCommand(value)) return { words: value, python: `${row.slice(0, equals)}= None` }
  return undefined
}

function isCommand(words: string): boolean {
  return /^!{1,2}\s*[\w./~$({]/.test(words) || /^%{1,2}[A-Za-z]/.test(words)
}

function describeCell(magic: string, rest: string, body: string): string | undefined {
  const words = `${magic}${rest}`.trim().slice(0, 60)
  if (/^%%(writefile|file)$/.test(magic)) {
    const file = rest.trim().split(/\s+/).at(-1) ?? ''
    return /mlflow/i.test(body) || file.endsWith('.py')
      ? `The cell writes ${file.slice(0, 60)}, whose code is not read here: give that file as a source too.`
      : undefined
  }
  return /mlflow/i.test(body)
    ? `The cell is no Python (${words}) and mentions MLflow; it is not read.`
    : undefined
}

function describeCommand(words: string): string | undefined {
  const shown = words.trim().slice(0, 60)
  if (/^%run\b/.test(words)) return `${shown} runs another file: give it as a source too.`
  if (/^[!%]+\s*(sx\s+|sh\s+|system\s+)?(pip|conda|uv|mamba|apt)/.test(words)) return undefined
  if (/^[!%].*\bmlflow\b/.test(words)) return `${shown} runs MLflow from the command line, which is not read.`
  if (/^!.*\bpython[\d.]*\s/.test(words) || /^!.*\.py\b/.test(words)) {
    return `${shown} runs another program: give its file as a source too.`
  }
  return undefined
}
