import type { AwsConnection } from '@mlflow-iam/aws/connection'

interface Answer {
  readonly output: { readonly $metadata?: { readonly requestId?: string; readonly attempts?: number } }
}
interface Client {
  readonly middlewareStack: {
    // The SDK's own types differ for every client; only this much of them is used.
    add(
      middleware: (
        next: (args: never) => Promise<Answer>,
        context: { readonly commandName?: string; readonly clientName?: string },
      ) => (args: never) => Promise<Answer>,
      options: { readonly name: string; readonly step: 'initialize' },
    ): void
  }
}

/** `-v`: says each call when it is answered, `-vv` its request id too. Inputs are not told: they may be anything. */
export function tellCalls(
  connection: AwsConnection,
  verbose: number,
  tell: (line: string) => void,
): AwsConnection {
  const told = new WeakSet<object>()
  const listen = <Opened extends { readonly client: object }>(opened: Opened): Opened => {
    if (told.has(opened.client)) return opened
    told.add(opened.client)
    const client = opened.client as unknown as Client
    client.middlewareStack.add(
      (next, { commandName = 'Command', clientName = 'Client' }) =>
        async (args) => {
          const call = `${clientName.replace(/Client$/, '').toLowerCase()}:${commandName.replace(/Command$/, '')}`
          try {
            const answer = await next(args)
            const { requestId, attempts = 1 } = answer.output.$metadata ?? {}
            const more = [
              ...(attempts > 1 ? [`${attempts} tries`] : []),
              ...(verbose > 1 && requestId ? [requestId] : []),
            ]
            tell([`called ${call}`, ...more].join(', '))
            return answer
          } catch (error) {
            tell(`called ${call}: ${error instanceof Error ? error.name : 'failed'}`)
            throw error
          }
        },
      { name: 'tellCalls', step: 'initialize' },
    )
    return opened
  }
  return {
    ...connection,
    iam: async () => listen(await connection.iam()),
    sts: async () => listen(await connection.sts()),
    sageMaker: async (region) => listen(await connection.sageMaker(region)),
    ssoAdmin: async (region) => listen(await connection.ssoAdmin(region)),
  }
}
