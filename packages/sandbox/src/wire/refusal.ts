/** AWS saying no: the code, words and HTTP status that the caller gets instead of an answer. */
export class Refusal extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status: number) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.status = status
  }
}

/** The connection is to be cut instead of answered: what a network failure looks like to the caller. */
export class ConnectionDropped extends Error {
  readonly code = 'ECONNRESET'

  constructor() {
    super('socket hang up')
    this.name = 'ConnectionDropped'
  }
}
