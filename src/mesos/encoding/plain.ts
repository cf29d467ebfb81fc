import type { PlainMessage } from './schema.ts'

/** True for an object of JSON: no array, no null. */
export function isObject(value: unknown): value is PlainMessage {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Sets an entry of a map from outside: `__proto__` is an ordinary key. */
export function setEntry(map: PlainMessage, key: string, value: unknown): void {
  if (key !== '__proto__') map[key] = value
  else
    Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true })
}

const canonicalBase64 = /^[A-Za-z0-9+/]*={0,2}$/u

/** The text as padded standard base64; padding may be missing. Undefined for invalid base64. */
export function toBase64(value: unknown): string | undefined {
  if (typeof value !== 'string' || !canonicalBase64.test(value)) return undefined
  if (value.length % 4 === 0) return value
  const bare = value.replace(/=+$/u, '')
  return bare.length % 4 === 1 ? undefined : bare.padEnd(Math.ceil(bare.length / 4) * 4, '=')
}

const ranges = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
} as const

export type IntegerKind = keyof typeof ranges

/**
 * An integer in memory: a number while exact, else digits. Fractions are truncated, as by Mesos.
 * Undefined if it is no number, or out of the range of `kind`.
 */
export function toInteger(kind: IntegerKind, value: unknown): number | string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return isSmall(kind, value)
  const big = toBigInt(value)
  const [least, most] = ranges[kind]
  if (big === undefined || big < least || big > most) return undefined
  const narrow = Number(big)
  return Number.isSafeInteger(narrow) ? narrow : String(big)
}

/** `value` if it is in the range of `kind`. Safe integers need no BigInt for the check. */
function isSmall(kind: IntegerKind, value: number): number | undefined {
  if (kind === 'int64') return value
  const [least, most] = ranges[kind]
  if (kind === 'uint64') return value >= 0 ? value : undefined
  return value >= least && value <= most ? value : undefined
}

function toBigInt(value: unknown): bigint | undefined {
  if (typeof value === 'string') {
    if (/^-?\d{1,20}$/u.test(value)) return BigInt(value)
    if (!isNumeric(value)) return undefined
    return toBigInt(Number(value))
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
  return BigInt(Math.trunc(value))
}

/** A number, a string with a number, or Mesos' words for NaN and infinity. */
export function toDouble(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (value === 'Infinity') return Number.POSITIVE_INFINITY
  if (value === '-Infinity') return Number.NEGATIVE_INFINITY
  if (value === 'NaN') return Number.NaN
  return typeof value === 'string' && isNumeric(value) ? Number(value) : undefined
}

/** Numbers as in JSON. `Number` alone accepts '', ' 1' and '0x10' too. */
function isNumeric(text: string): boolean {
  return text.length <= 400 && /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/u.test(text)
}
