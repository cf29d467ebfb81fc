/**
 * The bearer tokens of executors: JWTs with ids of framework, executor and container, signed with a
 * secret of the agent.
 * Source: apache/mesos docs/authentication.md, "Executor"; src/slave/slave.cpp (generateSecret),
 * src/slave/http.cpp (verifyExecutorClaims); 3rdparty/libprocess/src/jwt.cpp,
 * jwt_authenticator.cpp; RFC 7519, RFC 6750.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { unauthorized } from '../http/basic-authentication.ts'
import type { Answer } from '../http/http.ts'

/** Claims of an executor: framework, executor and container id. */
export interface ExecutorClaims {
  readonly cid: string
  readonly eid: string
  readonly fid: string
}

export type Claims = Readonly<Record<string, string>>

const tokenHeader = encode({ alg: 'HS256', typ: 'JWT' })
const realm = 'Bearer realm="mesos-agent-executor"'

export function signExecutorToken({ cid, eid, fid }: ExecutorClaims, secret: Buffer): string {
  const signed = `${tokenHeader}.${encode({ cid, eid, fid })}`
  return `${signed}.${sign(signed, secret).toString('base64url')}`
}

/** The claims in an Authorization header, or a 401 with the reason. */
export function authenticateExecutor(
  authorization: string | undefined,
  secret: Buffer,
): { readonly claims: Claims } | { readonly refusal: Answer } {
  if (authorization === undefined) return { refusal: unauthorized(realm) }
  const [scheme, token, ...more] = authorization.split(' ')
  if (token === undefined || more.length > 0) return refuse("Malformed 'Authorization' header")
  if (scheme !== 'Bearer') return refuse(`Scheme '${scheme}' unsupported`)
  const error = findTokenError(token, secret)
  if (error !== undefined) return refuse(`Invalid JWT: ${error}`)
  const payload = decode(token.split('.')[1]) ?? {}
  const claims = Object.entries(payload).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return claims.length === 0
    ? refuse('JWT claims missing')
    : { claims: Object.fromEntries(claims) as Claims }
}

/** Why these claims do not belong to the executor of the call; undefined if they do. */
export function findClaimsError(
  claims: Claims,
  { cid, eid, fid }: ExecutorClaims,
): string | undefined {
  const who = `Authenticated principal '${JSON.stringify({ claims })}' does not contain`
  if (claims['fid'] !== fid) {
    return `${who} an 'fid' claim with the framework ID ${fid}, which is set in the call`
  }
  if (claims['eid'] !== eid) {
    return `${who} an 'eid' claim with the executor ID ${eid}, which is set in the call`
  }
  return claims['cid'] === cid
    ? undefined
    : `${who} a 'cid' claim with the correct active ContainerID`
}

function findTokenError(token: string, secret: Buffer): string | undefined {
  const parts = token.split('.')
  if (parts.length !== 3) return `Expected 3 components in token, got ${parts.length}`
  const [header, payload, signature = ''] = parts
  const algorithm = decode(header)?.['alg']
  if (algorithm === undefined) return 'Failed to decode token header'
  if (algorithm !== 'HS256') {
    return `Token 'alg' value ${JSON.stringify(algorithm)} does not match, expected "HS256"`
  }
  const claims = decode(payload)
  if (claims === undefined) return 'Failed to decode token payload'
  const expiry = findExpiryError(claims['exp'])
  if (expiry !== undefined) return expiry
  const expected = sign(`${header}.${payload}`, secret)
  const given = Buffer.from(signature, 'base64url')
  return given.length === expected.length && timingSafeEqual(given, expected)
    ? undefined
    : 'Token signature does not match'
}

function findExpiryError(expiry: unknown): string | undefined {
  if (expiry === undefined) return undefined
  if (typeof expiry !== 'number') return "JSON payload 'exp' field is not a number"
  const now = Math.floor(Date.now() / 1000)
  return expiry < now ? `Token has expired: exp(${expiry}) < now(${now})` : undefined
}

function refuse(description: string): { readonly refusal: Answer } {
  const quoted = description.replaceAll('"', "'")
  const error = `error="invalid_token", error_description="${quoted}"`
  return { refusal: unauthorized(`${realm}, ${error}`) }
}

function sign(text: string, secret: Buffer): Buffer {
  return createHmac('sha256', secret).update(text).digest()
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decode(part: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString())
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
