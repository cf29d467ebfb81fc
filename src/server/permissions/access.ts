/**
 * Permissions of a jar server: requests must be signed with the key of its run, unless the server
 * is open.
 */
import { randomBytes } from 'node:crypto'
import { findForeignRequest } from '../../access/foreign-request.ts'
import {
  accessTo,
  isClaimOf,
  parseSetClaim,
  relayKeyOf,
} from '../../domain/libraries/library-access.ts'
import type { LibraryAccess, SetClaim } from '../../domain/libraries/library-access.ts'
import { isSignatureOf, parseSignedPath, signPath } from '../../domain/libraries/signed-path.ts'
import type { SignedPath } from '../../domain/libraries/signed-path.ts'
import type { RequestHead } from '../http/request-head.ts'
import { parseRequestPath } from '../http/request-path.ts'
import { createVerified } from './verified.ts'

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
  admit(request: RequestHead, path: string): string | 401 | 403
  /**
   * Returns the set for which this POST is signed, `open` if the server is open, or the status of a
   * refusal.
   */
  admitPost(request: RequestHead, path: string, body: string): string | 401 | 403
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

interface VerifiedPath extends SignedPath {
  /** The path that the MAC is for. */
  readonly scope: string
}

function isForeign(request: RequestHead, hosts: readonly string[]): boolean {
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
  const signatures = createVerified<VerifiedPath>()
  const claims = createVerified<true>()

  const standing = stepAfter(createdMs, yearMs, now() + yearMs)

  function expiresOf(lifetime: Lifetime): number {
    const expiresMs = lifetime === 'standing' ? standing : stepAfter(0, dayMs, now() + dayMs)
    return Math.floor(expiresMs / 1000)
  }

  function isOver(expires: number): boolean {
    return expires * 1000 < now()
  }

  /** The part of a signed path that the permission is for; undefined if it is not signed. */
  function findSigned(path: string): VerifiedPath | 403 | undefined {
    const known = signatures.find(path)
    if (known !== undefined) return known
    const signed = parseSignedPath(path)
    if (signed === undefined) return undefined
    const scope = scopeOf(signed.path)
    if (!isSignatureOf(signed, secret, scope)) return 403
    const verified = { ...signed, scope }
    signatures.add(path, verified)
    return verified
  }

  function isClaimed(authorization: string, claim: SetClaim, method: string, path: string) {
    const text = `${method} ${path} ${authorization}`
    if (claims.find(text) === true) return true
    const isRight = isClaimOf(claim, secret, { method, path })
    if (isRight) claims.add(text, true)
    return isRight
  }

  return {
    admit(request, path) {
      const signed = findSigned(path)
      if (signed !== undefined) {
        if (signed === 403 || isOver(signed.expires)) return 403
        // Other sites do not know the address; even so, the page answers only its own origin.
        return signed.scope === pageScope && isForeign(request, hosts()) ? 403 : signed.path
      }
      if (isPublic(path)) return isForeign(request, hosts()) ? 403 : path
      const { authorization } = request.headers
      if (authorization === undefined) return 401
      const claim = parseSetClaim(authorization)
      if (claim === undefined || isOver(claim.expires)) return 403
      const { method = '' } = request
      return isClaimed(authorization, claim, method, path) && isOfSet(claim.setId, path)
        ? path
        : 403
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
