/** What the machines use of `node:crypto`, for a page. */
import { sha256 } from './sha256.ts'

interface Hash {
  update(text: string): Hash
  digest(encoding: 'hex'): string
}

export function createHash(algorithm: 'sha256'): Hash {
  if (algorithm !== 'sha256') throw new Error(`there is no ${String(algorithm)} in a page`)
  let text = ''
  const hash: Hash = {
    update(more) {
      text += more
      return hash
    },
    digest: () =>
      Array.from(sha256(new TextEncoder().encode(text)), (byte) =>
        byte.toString(16).padStart(2, '0'),
      ).join(''),
  }
  return hash
}

/** Signs addresses, which no replay does. */
export function createHmac(): never {
  throw new Error('nothing is signed in a page')
}

/** Compares signatures, which no replay does. */
export function timingSafeEqual(): never {
  throw new Error('nothing is signed in a page')
}
