/** Who may have what of a jar server: what is signed with the key of its run, or all that asks where it is open. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { findForeignRequest } from '../access/foreign-request.ts'
import { accessTo, isClaimOf, parseSetClaim, relayKeyOf } from '../domain/library-access.ts'
import type { LibraryAccess } from '../domain/library-access.ts'
import { isSignatureOf, parseSignedPath, signPath } from '../domain/signed-path.ts'
import { parseRequestPath } from './request-path.ts'

/** What the permissions of a run are made from; a secret. */
export interface RunKey {
  /** 32 random bytes. */
  readonly secret: Buffer
  /** When it was made, ms since 1970: addresses that must not change are reckoned from it. */
  readonly createdMs: number
}

/**
 * `launch`: of what is fetched soon, 24 to 48 hours, the same all day so that Mesos' cache knows it again.
 * `standing`: of what must not change while executors live, or is given to a person: one to two years from the start of the
 * server, which forgets its key before, unless it goes on with a journal.
 */
export type Lifetime = 'launch' | 'standing'

export interface AccessRules {
  /** The paths that anybody may have. */
  readonly isPublic: (path: string) => boolean
  /** Whether a path belongs to a set. */
  readonly isOfSet: (setId: string, path: string) => boolean
  /** Digests of the libraries of a set that executors pass on to each other; default none. */
  readonly relayedOf?: (setId: string) => readonly string[]
  /** What permissions for a path are of: the path, or another that it is a part of. */
  readonly scopeOf: (path: string) => string
  /** Names that web pages may call this server by, beside its addresses. */
  readonly hosts: () => readonly string[]
}

export interface Access {
  /** The path that a request for `path` may have; else the status that refuses it. */
  admit(request: IncomingMessage, path: string): string | 401 | 403
  /** The set that a request with this body is signed for, `open` where nobody needs to sign; else the status that refuses it. */
  admitPost(request: IncomingMessage, path: string, body: string): string | 401 | 403
  /** The encoded path with a permission in front, where it needs one. */
  sign(path: string, lifetime: Lifetime): string
  /** What executors need for the libraries of a set; undefined where they need nothing. */
  accessTo(setId: string): LibraryAccess | undefined
  /** What executors ask each other for a library with. */
  relayKeyOf(sha256: string): string | undefined
}

/** What the permission of the status page is of. */
export const pageScope = '/'

const dayMs = 24 * 60 * 60_000
const yearMs = 365 * dayMs

/** A new key. */
export function createRunKey(now = Date.now()): RunKey {
  return { secret: randomBytes(32), createdMs: now }
}

/**
 * ms since 1970: the wall clock of the process's start, and what has passed since. A clock that is set meanwhile ends no
 * permission, and makes none last longer.
 */
function readClock(): number {
  return performance.timeOrigin + performance.now()
}

/** The first of equal steps from `startMs` on that is not before `leastMs`. */
function stepAfter(startMs: number, stepMs: number, leastMs: number): number {
  return startMs + Math.ceil((leastMs - startMs) / stepMs) * stepMs
}

function isForeign(request: IncomingMessage, hosts: readonly string[]): boolean {
  return findForeignRequest(request, { hosts }) !== undefined
}

/** Nobody needs a permission, but web pages of others are kept away. */
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

/** The access to a jar server; without a key, an open one. `now`: ms since 1970. */
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
        // A page of another site does not know the address, but what it shows stays with its own.
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
