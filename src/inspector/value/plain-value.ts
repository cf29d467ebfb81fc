/** Values without members, as a person would write them. */
import type { PlainValue } from '../protocol/value.ts'
import { actorIdOf } from './actor-id.ts'
import { classNameOf, nameOf, ownDataOf, quietly } from './hostile.ts'

const largestBigint = 10n ** 400n
const shownBytes = 32

/** The plain form of a value; undefined for one with members. */
export function plainValueOf(value: unknown, chars: number): PlainValue | undefined {
  switch (typeof value) {
    case 'string':
      return cut('string', value, chars)
    case 'number':
      return { kind: 'number', text: Object.is(value, -0) ? '-0' : String(value) }
    case 'boolean':
      return { kind: 'boolean', text: String(value) }
    case 'undefined':
      return { kind: 'undefined', text: 'undefined' }
    case 'bigint':
      return cut('bigint', bigintText(value), chars)
    case 'symbol':
      return cut('symbol', String(value), chars)
    case 'function':
      return cut('function', nameOf(value) ?? '(anonymous)', chars)
    default:
      return value === null
        ? { kind: 'null', text: 'null' }
        : quietly(() => objectValue(value as object, chars))
  }
}

function objectValue(value: object, chars: number): PlainValue | undefined {
  const actorId = actorIdOf(value)
  if (actorId !== undefined) return cut('actor', actorId, chars)
  if (value instanceof Date) return { kind: 'date', text: dateText(value) }
  if (value instanceof Error) return cut('error', errorText(value), chars)
  if (ArrayBuffer.isView(value)) return { kind: 'bytes', text: viewText(value) }
  return value instanceof ArrayBuffer
    ? { kind: 'bytes', text: bytesText('ArrayBuffer', new Uint8Array(value)) }
    : undefined
}

/** Text cut to `chars` UTF-16 units, never through a pair. */
export function cut(kind: PlainValue['kind'], text: string, chars: number): PlainValue {
  if (text.length <= chars) return { kind, text }
  const last = text.charCodeAt(chars - 1)
  const end = last >= 0xd800 && last < 0xdc00 ? chars - 1 : chars
  return { kind, text: text.slice(0, end), length: text.length }
}

/** The text of a larger one takes seconds to make. */
function bigintText(value: bigint): string {
  if (value > largestBigint) return 'more than 400 digits'
  return value < -largestBigint ? '-(more than 400 digits)' : `${value}n`
}

function dateText(value: Date): string {
  return quietly(() => Date.prototype.toISOString.call(value)) ?? 'Invalid Date'
}

function errorText(value: Error): string {
  const own = ownDataOf(value, 'name')
  const name = typeof own === 'string' ? own : (classNameOf(value) ?? 'Error')
  const message = ownDataOf(value, 'message')
  return typeof message !== 'string' || message === '' ? name : `${name}: ${message}`
}

function viewText(view: ArrayBufferView): string {
  const { buffer, byteOffset, byteLength } = view
  return bytesText(classNameOf(view) ?? 'Bytes', new Uint8Array(buffer, byteOffset, byteLength))
}

function bytesText(name: string, bytes: Uint8Array): string {
  const hex = Array.from(bytes.subarray(0, shownBytes), (byte) =>
    byte.toString(16).padStart(2, '0'),
  )
  const more = bytes.length > shownBytes ? ' …' : ''
  return `${name}(${bytes.length} bytes) ${hex.join(' ')}${more}`.trimEnd()
}
