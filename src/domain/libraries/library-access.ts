/**
 * Keys that let an executor download the libraries of a set. It signs each request with the key of
 * the set, which came with a task. The key itself is never sent to the jar server or to other
 * executors.
 */
import { isRecord } from '../json.ts'
import { isSameMac, macOf } from './signed-path.ts'

/** The keys in a task's data; a secret. */
export interface LibraryAccess {
  /** Seconds since 1970, by the clock of the jar server; only the jar server checks it. */
  readonly expires: number
  /** Key of requests for the libraries of one set; base64url. */
  readonly key: string
  /** Keys of requests between executors: one (base64url) for each relayed library, by SHA-256. */
  readonly relayKeys: Readonly<Record<string, string>>
  /** CA certificates (PEM) used to verify the jar server, if it speaks TLS. */
  readonly ca?: string
}

/** The signed parts of a request. */
export interface SignedRequest {
  readonly method: string
  /** Decoded, without a query. */
  readonly path: string
  /** Default empty. */
  readonly body?: string
  /** `ADDRESS:PORT` of the receiver. Signed only between executors: a jar server has many names. */
  readonly to?: string
}

/** Content of the `Authorization` header of a request for a set. */
export interface SetClaim {
  readonly setId: string
  readonly expires: number
  readonly mac: string
}

/** Returns the value of the `Authorization` header. */
export interface Authorize {
  (request: SignedRequest): string | undefined
  /** CA certificates (PEM) used to verify the server; default: those of Node. */
  readonly ca?: string | undefined
}

/**
 * Derives the keys of one set from the key of the run; `relayed`: digests of its relayed libraries.
 */
export function accessTo(
  runKey: Buffer,
  setId: string,
  expires: number,
  relayed: readonly string[] = [],
): LibraryAccess {
  return {
    expires,
    key: macOf(runKey, 'set', setId, String(expires)),
    relayKeys: Object.fromEntries(relayed.map((sha256) => [sha256, relayKeyOf(runKey, sha256)])),
  }
}

/** The key of requests for a library between executors. */
export function relayKeyOf(runKey: Buffer, sha256: string): string {
  return macOf(runKey, 'relay', sha256)
}

/** `Jarcast SET.EXPIRES.MAC`, the header for the jar server. */
export function authorizeSet(
  setId: string,
  { expires, key }: Pick<LibraryAccess, 'expires' | 'key'>,
  request: SignedRequest,
): string {
  return `Jarcast ${setId}.${expires}.${macOfRequest(key, request)}`
}

/** Parses the header; undefined if it is not of this form. */
export function parseSetClaim(authorization: string | undefined): SetClaim | undefined {
  const [, setId, expires, mac] =
    /^Jarcast ([0-9a-f]{64})\.([1-9]\d{0,11})\.([\w-]{43})$/i.exec(authorization ?? '') ?? []
  if (setId === undefined || mac === undefined) return undefined
  return { setId, expires: Number(expires), mac }
}

/** True if the claim is for this request. Compares in constant time. */
export function isClaimOf(
  { setId, expires, mac }: SetClaim,
  runKey: Buffer,
  request: SignedRequest,
) {
  return isSameMac(mac, macOfRequest(accessTo(runKey, setId, expires).key, request))
}

/**
 * `Jarcast-Relay NONCE.MAC`, the header for the executor at `to`: a host in between cannot
 * forward it to another executor. `nonce`: new for each request, `[\w-]{16,64}`.
 */
export function authorizeRelay(
  relayKey: string,
  { to = '', method, path }: SignedRequest,
  nonce: string,
): string {
  return `Jarcast-Relay ${nonce}.${macOf(Buffer.from(relayKey), 'relay', to, method, path, nonce)}`
}

/**
 * The nonce of a request that is signed with the key of the library; undefined for another one.
 * Constant time.
 */
export function nonceOfRelayRequest(
  authorization: string | undefined,
  relayKey: string,
  request: SignedRequest,
): string | undefined {
  const [, nonce = ''] = /^Jarcast-Relay ([\w-]{16,64})\./.exec(authorization ?? '') ?? []
  return isSameMac(authorization ?? '', authorizeRelay(relayKey, request, nonce)) && nonce !== ''
    ? nonce
    : undefined
}

/** The answer to `GET /probe/SHA256/NONCE` of an executor that has the key. */
export function answerToProbe(relayKey: string, path: string): string {
  return macOf(Buffer.from(relayKey), 'probe', path)
}

/** True if the answer is right. Compares in constant time. */
export function isAnswerToProbe(answer: string, relayKey: string, path: string): boolean {
  return isSameMac(answer, answerToProbe(relayKey, path))
}

/** Validates the keys in a task's data. */
export function isLibraryAccess(value: unknown): value is LibraryAccess {
  return (
    isRecord(value) &&
    Number.isSafeInteger(value['expires']) &&
    ['string', 'undefined'].includes(typeof value['ca']) &&
    isRecord(value['relayKeys']) &&
    [value['key'], ...Object.values(value['relayKeys'])].every(isKey)
  )
}

function isKey(value: unknown): boolean {
  return typeof value === 'string' && /^[\w-]{43}$/.test(value)
}

function macOfRequest(key: string, { method, path, body = '' }: SignedRequest): string {
  return macOf(Buffer.from(key), method, path, body)
}
