import { createHash, type Hash } from 'node:crypto'

/** SHA-256 by Node, in the form of `@noble/hashes`: the build puts it in that package's place. */
export const sha256 = Object.assign(
  (bytes: Uint8Array): Uint8Array => sha256.create().update(bytes).digest(),
  {
    create: (): Hash => createHash('sha256'),
  },
)
