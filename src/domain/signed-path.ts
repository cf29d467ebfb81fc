/**
 * Addresses of the jar server that carry their own permission: `/mac/EXPIRES.MAC/PATH`, in front of the path so that the last
 * segment stays the name of the file, for Mesos' fetcher and for scripts, and with no character that a shell would read.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** What such a path says. */
export interface SignedPath {
  /** Seconds since 1970, by the clock of the server. */
  readonly expires: number
  readonly mac: string
  /** What follows. */
  readonly path: string
}

const prefix = /^\/mac\/([1-9]\d{0,11})\.([\w-]{43})(?=\/)/

/** Undefined for a path that is not signed. */
export function parseSignedPath(path: string): SignedPath | undefined {
  const [head, expires = '', mac = ''] = prefix.exec(path) ?? []
  return head === undefined
    ? undefined
    : { expires: Number(expires), mac, path: path.slice(head.length) }
}

/** Puts the permission in front of an encoded path; `scope` is what the MAC is of. */
export function signPath(key: Buffer, path: string, scope: string, expires: number): string {
  return `/mac/${expires}.${macOf(key, 'path', String(expires), scope)}${path}`
}

/** Whether the MAC is of this scope. In constant time. */
export function isSignatureOf({ expires, mac }: SignedPath, key: Buffer, scope: string): boolean {
  return isSameMac(mac, macOf(key, 'path', String(expires), scope))
}

/** The address without its permission, to be shown and kept. */
export function withoutMac(uri: string): string {
  return uri.replaceAll(/\/mac\/\d{1,12}\.[\w-]{43}(?=\/)/g, '')
}

/** HMAC-SHA-256 of the words, none of which runs into the next; base64url. */
export function macOf(key: Buffer, ...words: readonly string[]): string {
  return createHmac('sha256', key).update(JSON.stringify(words)).digest('base64url')
}

/** Compares in constant time. */
export function isSameMac(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}
