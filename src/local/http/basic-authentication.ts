/**
 * HTTP basic authentication, as by masters and agents.
 * Source: apache/mesos docs/authentication.md; 3rdparty/libprocess/src/authenticator.cpp
 * (BasicAuthenticator).
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Answer } from './http.ts'

export interface Credential {
  readonly principal: string
  readonly secret: string
}

/** The principal (undefined without authentication), or the refusal. */
export type Authentication =
  { readonly principal: string | undefined } | { readonly refusal: Answer }

const secretBytes = 32

/** Checks the value of an Authorization header; the refusal names `realm`. */
export type Authenticator = (realm: string, authorization: string | undefined) => Authentication

/** Accepts every client, without a principal. */
export function acceptEveryClient(): Authentication {
  return { principal: undefined }
}

/** Makes a credential for this principal with a random secret. */
export function randomCredential(principal: string): Credential {
  return { principal, secret: randomBytes(secretBytes).toString('base64url') }
}

/**
 * Answers 401 with a challenge for the realm unless the header has one of the credentials. Secrets
 * are kept as digests.
 */
export function createBasicAuthenticator(credentials: readonly Credential[]): Authenticator {
  const digests = new Map(credentials.map(({ principal, secret }) => [principal, digest(secret)]))
  return (realm, authorization = '') => {
    const refusal = unauthorized(`Basic realm="${realm}"`)
    const [scheme, encoded, ...more] = authorization.split(' ')
    if (scheme !== 'Basic' || encoded === undefined || more.length > 0) return { refusal }
    // As in Mesos, no secret can contain a colon.
    const [principal, secret, ...rest] = Buffer.from(encoded, 'base64').toString().split(':')
    const expected = digests.get(principal ?? '')
    const isKnown =
      expected !== undefined && secret !== undefined && timingSafeEqual(expected, digest(secret))
    return isKnown && rest.length === 0 ? { principal } : { refusal }
  }
}

/** 401 in libprocess' words. */
export function unauthorized(challenge: string): Answer {
  return { status: 401, headers: { 'WWW-Authenticate': challenge }, body: '401 Unauthorized.' }
}

/** Digests have equal length, as comparison in constant time needs. */
function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
