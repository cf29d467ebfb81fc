/**
 * Addresses of the jar server that contain their own permission: `/mac/EXPIRES.MAC/PATH`. It stands
 * in front, so that the last segment stays the name of the file, for Mesos' fetcher and for
 * scripts. It contains no character that is special in a shell.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** The parts of such a path. */
export interface SignedPath {
  /** Seconds since 1970, by the clock of the server. */
  readonly expires: number
  readonly mac: string
  /** The path after the permission. */
  readonly path: string
}

const prefix = /^\/mac\/([1-9]\d{0,11})\.([\w-]{43})(?=\/)/

/** Parses a signed path; undefined if it is not signed. */
export function parseSignedPath(path: string): SignedPath | undefined {
  const [head, expires = '', mac = ''] = prefix.exec(path) ?? []
  return head === undefined
    ? undefined
    : { expires: Number(expires), mac, path: path.slice(head.length) }
}

/** Puts the permission in front of an encoded path; the MAC is made of `scope`. */
export function signPath(key: Buffer, path: string, scope: string, expires: number): string {
  return `/mac/${expires}.${macOf(key, 'path', String(expires), scope)}${path}`
}

/** True if the MAC is for this scope. Compares in constant time. */
export function isSignatureOf({ expires, mac }: SignedPath, key: Buffer, scope: string): boolean {
  return isSameMac(mac, macOf(key, 'path', String(expires), scope))
}

/** Removes the permission from an address, to show or store it. */
export function withoutMac(uri: string): string {
  if (!uri.includes('/mac/')) return uri
  return uri.replaceAll(/\/mac\/\d{1,12}\.[\w-]{43}(?=\/)/g, '')
}

/** HMAC-SHA-256 of the words as a JSON list, so that their borders count; base64url. */
export function macOf(key: Buffer, ...words: readonly string[]): string {
  return createHmac('sha256', key).update(JSON.stringify(words)).digest('base64url')
}

/** Compares in constant time. */
export function isSameMac(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}
