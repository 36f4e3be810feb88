import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { onTestFinished } from 'vitest'

export interface Diagnostic {
  readonly message: string
  readonly range: { readonly start: { readonly line: number; readonly character: number } }
}

/** An editor's side of the YAML language server, over its standard input and output. */
export interface Editor {
  /** Opens a text as this file and returns what the server marks in it. */
  open(path: string, text: string): Promise<readonly Diagnostic[]>
  /** The words offered where `‸` stands in the text. */
  complete(path: string, text: string): Promise<readonly string[]>
  hover(path: string, line: number, character: number): Promise<string>
}

interface Message {
  readonly id?: number | string
  readonly method?: string
  readonly params?: {
    readonly uri?: string
    readonly diagnostics?: readonly Diagnostic[]
    readonly items?: unknown[]
  }
  readonly result?: unknown
}

const server = join(
  dirname(fileURLToPath(import.meta.resolve('yaml-language-server/package.json'))),
  'bin/yaml-language-server',
)

/** Starts the server as editors do. It is stopped after the test. */
export async function openEditor(): Promise<Editor> {
  const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const answers = new Map<number, (result: unknown) => void>()
  const marks = new Map<string, (diagnostics: readonly Diagnostic[]) => void>()
  let last = 0
  let version = 0

  const send = (message: object) => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }))
    child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`)
    child.stdin.write(body)
  }
  const ask = (method: string, params: object): Promise<unknown> => {
    last += 1
    const id = last
    send({ id, method, params })
    return new Promise((resolve) => answers.set(id, resolve))
  }
  readMessages(child.stdout, ({ id, method, params, result }) => {
    if (method === 'textDocument/publishDiagnostics')
      marks.get(params?.uri ?? '')?.(params?.diagnostics ?? [])
    else if (method === 'workspace/configuration') send({ id, result: (params?.items ?? []).map(() => null) })
    else if (method !== undefined && id !== undefined) send({ id, result: null })
    else if (typeof id === 'number') answers.get(id)?.(result)
  })

  await ask('initialize', { processId: process.pid, rootUri: null, capabilities: {} })
  send({ method: 'initialized', params: {} })
  // Nothing is fetched: the schema is the one that the file names.
  const settings = { yaml: { schemaStore: { enable: false }, validate: true, completion: true, hover: true } }
  send({ method: 'workspace/didChangeConfiguration', params: { settings } })

  const open = (path: string, text: string): Promise<readonly Diagnostic[]> => {
    const uri = pathToFileURL(path).href
    version += 1
    const marked = new Promise<readonly Diagnostic[]>((resolve) => marks.set(uri, resolve))
    const textDocument = { uri, languageId: 'yaml', version, text }
    send({ method: 'textDocument/didOpen', params: { textDocument } })
    return marked
  }
  return {
    open,
    async complete(path, text) {
      const before = text.slice(0, text.indexOf('‸')).split('\n')
      await open(path, text.replace('‸', ''))
      const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 }
      const textDocument = { uri: pathToFileURL(path).href }
      const answer = (await ask('textDocument/completion', { textDocument, position })) as {
        items: { label: string }[]
      }
      return answer.items.map(({ label }) => label)
    },
    async hover(path, line, character) {
      const textDocument = { uri: pathToFileURL(path).href }
      const answer = (await ask('textDocument/hover', { textDocument, position: { line, character } })) as {
        contents?: { value?: string }
      } | null
      return answer?.contents?.value ?? ''
    },
  }
}

function readMessages(stream: NodeJS.ReadableStream, read: (message: Message) => void): void {
  let buffer = Buffer.alloc(0)
  stream.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk])
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n')
      const length = Number(
        /Content-Length: (\d+)/i.exec(buffer.subarray(0, Math.max(end, 0)).toString())?.[1],
      )
      if (end < 0 || buffer.length < end + 4 + length) return
      read(JSON.parse(buffer.subarray(end + 4, end + 4 + length).toString()) as Message)
      buffer = buffer.subarray(end + 4 + length)
    }
  })
}
