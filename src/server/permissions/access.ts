/**
 * Permissions of a jar server: requests must be signed with the key of its run, unless the server
 * is open.
 */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { findForeignRequest } from '../../access/foreign-request.ts'
import {
  accessTo,
  isClaimOf,
  parseSetClaim,
  relayKeyOf,
} from '../../domain/libraries/library-access.ts'
import type { LibraryAccess } from '../../domain/libraries/library-access.ts'
import { isSignatureOf, parseSignedPath, signPath } from '../../domain/libraries/signed-path.ts'
import { parseRequestPath } from '../http/request-path.ts'

/** The secret that all permissions of a run are made from. */
export interface RunKey {
  /** 32 random bytes. */
  readonly secret: Buffer
  /**
   * Time of creation, ms since 1970. Expiry times of `standing` permissions count from it.
   */
  readonly createdMs: number
}

/**
 * `launch`: 24 to 48 hours, for files that are fetched soon. The address changes once a day, so
 * that Mesos' cache recognizes it.
 * `standing`: one to two years from the creation of the key, for addresses that people keep, or
 * that must not change while executors run. Without a journal, the key ends with the server.
 */
export type Lifetime = 'launch' | 'standing'

export interface AccessRules {
  /** True for paths that need no permission. */
  readonly isPublic: (path: string) => boolean
  /** True if a path belongs to a set. */
  readonly isOfSet: (setId: string, path: string) => boolean
  /** Digests of the libraries of a set that executors relay. Default: none. */
  readonly relayedOf?: (setId: string) => readonly string[]
  /** The path of the permission for a path: this one, or another that it belongs to. */
  readonly scopeOf: (path: string) => string
  /** Host names that browsers may use for this server, besides its addresses. */
  readonly hosts: () => readonly string[]
}

export interface Access {
  /** Returns the path to serve, or the status of a refusal. */
  admit(request: IncomingMessage, path: string): string | 401 | 403
  /**
   * Returns the set for which this POST is signed, `open` if the server is open, or the status of a
   * refusal.
   */
  admitPost(request: IncomingMessage, path: string, body: string): string | 401 | 403
  /** Returns the encoded path with a permission in front, if it needs one. */
  sign(path: string, lifetime: Lifetime): string
  /** The keys that executors need for a set; undefined if the server is open. */
  accessTo(setId: string): LibraryAccess | undefined
  /** The key for requests between executors that have this library; undefined if open. */
  relayKeyOf(sha256: string): string | undefined
}

/** The path of the status page's permission. */
export const pageScope = '/'

const dayMs = 24 * 60 * 60_000
const yearMs = 365 * dayMs

/** Makes a new random key. */
export function createRunKey(now = Date.now()): RunKey {
  return { secret: randomBytes(32), createdMs: now }
}

/**
 * ms since 1970: the wall clock at the start of the process plus the time since then. Setting the
 * clock neither ends a permission nor extends it.
 */
export function readClock(): number {
  return performance.timeOrigin + performance.now()
}

/** The first time `startMs` + n × `stepMs` that is not before `leastMs`. */
function stepAfter(startMs: number, stepMs: number, leastMs: number): number {
  return startMs + Math.ceil((leastMs - startMs) / stepMs) * stepMs
}

function isForeign(request: IncomingMessage, hosts: readonly string[]): boolean {
  return findForeignRequest(request, { hosts }) !== undefined
}

/** Requires no permission, but refuses foreign web pages. */
function openAccess({ hosts }: AccessRules): Access {
  return {
    admit: (request, path) =>
      isForeign(request, hosts()) ? 403 : (parseSignedPath(path)?.path ?? path),
    admitPost: (request) => (isForeign(request, hosts()) ? 403 : 'open'),
    sign: (path) => path,
    accessTo: () => undefined,
    relayKeyOf: () => undefined,
  }
}

/** Makes the access to a jar server; without a key, an open one. `now`: ms since 1970. */
export function createAccess(
  key: RunKey | undefined,
  rules: AccessRules,
  now: () => number = readClock,
): Access {
  if (key === undefined) return openAccess(rules)
  const { isPublic, isOfSet, relayedOf = () => [], scopeOf, hosts } = rules
  const { secret, createdMs } = key

  const standing = stepAfter(createdMs, yearMs, now() + yearMs)

  function expiresOf(lifetime: Lifetime): number {
    const expiresMs = lifetime === 'standing' ? standing : stepAfter(0, dayMs, now() + dayMs)
    return Math.floor(expiresMs / 1000)
  }

  function isOver(expires: number): boolean {
    return expires * 1000 < now()
  }

  return {
    admit(request, path) {
      const signed = parseSignedPath(path)
      if (signed !== undefined) {
        const scope = scopeOf(signed.path)
        if (!isSignatureOf(signed, secret, scope) || isOver(signed.expires)) return 403
        // Other sites do not know the address; even so, the page answers only its own origin.
        return scope === pageScope && isForeign(request, hosts()) ? 403 : signed.path
      }
      if (isPublic(path)) return isForeign(request, hosts()) ? 403 : path
      const { authorization } = request.headers
      if (authorization === undefined) return 401
      const claim = parseSetClaim(authorization)
      if (claim === undefined || isOver(claim.expires)) return 403
      const isRight = isClaimOf(claim, secret, { method: request.method ?? '', path })
      return isRight && isOfSet(claim.setId, path) ? path : 403
    },
    admitPost(request, path, body) {
      const { authorization } = request.headers
      if (authorization === undefined) return 401
      const claim = parseSetClaim(authorization)
      if (claim === undefined || isOver(claim.expires)) return 403
      return isClaimOf(claim, secret, { method: 'POST', path, body }) ? claim.setId : 403
    },
    sign(path, lifetime) {
      const decoded = parseRequestPath(path)
      if (typeof decoded === 'number' || isPublic(decoded)) return path
      return signPath(secret, path, scopeOf(decoded), expiresOf(lifetime))
    },
    accessTo: (setId) => accessTo(secret, setId, expiresOf('launch'), relayedOf(setId)),
    relayKeyOf: (sha256) => relayKeyOf(secret, sha256),
  }
}
