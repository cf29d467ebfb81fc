/**
 * How an executor shows that it may have the libraries of a set: it signs each request with a key of that set, which came
 * with a task, so that the key itself never travels to the jar server or to other executors.
 */
import { isRecord } from './json.ts'
import { isSameMac, macOf } from './signed-path.ts'

/** What a task's data holds of it; a secret. */
export interface LibraryAccess {
  /** Seconds since 1970, by the clock of the jar server, which alone looks at it. */
  readonly expires: number
  /** Of requests for the libraries of one set; base64url. */
  readonly key: string
  /** Of requests among the executors that have the same library: one key (base64url) for each that they pass on, by its SHA-256. */
  readonly relayKeys: Readonly<Record<string, string>>
  /** Certificates (PEM) that the jar server's must come from, where it speaks TLS. */
  readonly ca?: string
}

/** A request as it is signed. */
export interface SignedRequest {
  readonly method: string
  /** Decoded, without a query. */
  readonly path: string
  /** Default empty. */
  readonly body?: string
  /** `ADDRESS:PORT` that it is sent to. Signed only among executors: a jar server has many names. */
  readonly to?: string
}

/** What the `Authorization` of a request for a set says. */
export interface SetClaim {
  readonly setId: string
  readonly expires: number
  readonly mac: string
}

/** Gives the value of `Authorization`. */
export interface Authorize {
  (request: SignedRequest): string | undefined
  /** Certificates (PEM) that the server's must come from; default: those that Node has. */
  readonly ca?: string | undefined
}

/** The access to one set, from the key of the run; `relayed` are the digests of its libraries that executors pass on. */
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

/** What executors ask each other for a library with. */
export function relayKeyOf(runKey: Buffer, sha256: string): string {
  return macOf(runKey, 'relay', sha256)
}

/** `Jarcast SET.EXPIRES.MAC`, for the jar server. */
export function authorizeSet(
  setId: string,
  { expires, key }: Pick<LibraryAccess, 'expires' | 'key'>,
  request: SignedRequest,
): string {
  return `Jarcast ${setId}.${expires}.${macOfRequest(key, request)}`
}

/** Undefined for anything else. */
export function parseSetClaim(authorization: string | undefined): SetClaim | undefined {
  const [, setId, expires, mac] =
    /^Jarcast ([0-9a-f]{64})\.([1-9]\d{0,11})\.([\w-]{43})$/i.exec(authorization ?? '') ?? []
  if (setId === undefined || mac === undefined) return undefined
  return { setId, expires: Number(expires), mac }
}

/** Whether the claim is of this request. In constant time. */
export function isClaimOf(
  { setId, expires, mac }: SetClaim,
  runKey: Buffer,
  request: SignedRequest,
) {
  return isSameMac(mac, macOfRequest(accessTo(runKey, setId, expires).key, request))
}

/** `Jarcast-Relay MAC`, for the executor at `to`: nobody in between can have another one answer it. */
export function authorizeRelay(relayKey: string, { to = '', method, path }: SignedRequest): string {
  return `Jarcast-Relay ${macOf(Buffer.from(relayKey), 'relay', to, method, path)}`
}

/** Whether an executor that may have the library asks this. In constant time. */
export function isRelayRequest(
  authorization: string | undefined,
  relayKey: string,
  request: SignedRequest,
): boolean {
  return isSameMac(authorization ?? '', authorizeRelay(relayKey, request))
}

/** What an executor that may have the library answers to `GET /probe/SHA256/NONCE`. */
export function answerToProbe(relayKey: string, path: string): string {
  return macOf(Buffer.from(relayKey), 'probe', path)
}

/** Whether it is that. In constant time. */
export function isAnswerToProbe(answer: string, relayKey: string, path: string): boolean {
  return isSameMac(answer, answerToProbe(relayKey, path))
}

/** True for what a task's data may say. */
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
