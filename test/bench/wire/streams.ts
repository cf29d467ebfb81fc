/**
 * Event streams of a few MB in both encodings: the recorded OFFERS and UPDATEs of a Mesos 1.12 master, again and
 * again, each time with other ids and times, on another of 2,000 agents. In JSON the order of keys and the form of
 * numbers are the master's.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { MediaType } from '../../../src/mesos/codec.ts'
import { schedulerCodec } from '../../../src/mesos/codec.ts'
import { createRecordDecoder, encodeRecord } from '../../../src/mesos/recordio.ts'

export type Encoding = 'json' | 'protobuf'
export type Kind = 'OFFERS' | 'UPDATE'

const agents = 2000
/** One OFFERS of a busy master has offers of many agents. */
const offersPerEvent = 25
const counts = { OFFERS: 200, UPDATE: 10_000 }

export function mediaTypeOf(encoding: Encoding): MediaType {
  return encoding === 'json' ? 'application/json' : 'application/x-protobuf'
}

/** The bytes of one stream, and how many events they are. */
export function streamOf(kind: Kind, encoding: Encoding): { bytes: Buffer; events: number } {
  const { read, write } = formOf(encoding)
  const recorded = recordsOf(encoding)
    .map(read)
    .filter(({ type }) => type === kind)
  const events = counts[kind]
  const records = Array.from({ length: events }, (_, number) => {
    const event = recorded[number % recorded.length] as LooseEvent
    // The updates of one task have its ids, as in the recording.
    const pass = Math.floor(number / recorded.length)
    const varied = kind === 'OFFERS' ? manyOffers(event, number) : vary(event, '', pass)
    return encodeRecord(write(varied as LooseEvent))
  })
  return { bytes: Buffer.concat(records), events }
}

interface LooseEvent {
  readonly type: string
  readonly offers?: { readonly offers: readonly unknown[] }
}

function formOf(encoding: Encoding) {
  const codec = schedulerCodec('application/x-protobuf')
  if (encoding === 'protobuf') {
    return {
      read: (record: Uint8Array) => codec.decodeEvent(record) as LooseEvent,
      write: (event: LooseEvent) => codec.encodeEvent(event as never),
    }
  }
  return {
    read: (record: Uint8Array) => JSON.parse(Buffer.from(record).toString()) as LooseEvent,
    // A master writes the doubles of resources with a fraction.
    write: (event: LooseEvent) =>
      Buffer.from(JSON.stringify(event).replace(/"value":\d+(?=[,}])/g, '$&.0')),
  }
}

function recordsOf(encoding: Encoding): Uint8Array[] {
  const file = resolve('test/fixtures/mesos/lifecycle', `${encoding}.recordio`)
  return createRecordDecoder().push(readFileSync(file))
}

function manyOffers(event: LooseEvent, number: number): LooseEvent {
  const [offer] = event.offers?.offers ?? []
  const offers = Array.from({ length: offersPerEvent }, (_, place) =>
    vary(offer, '', number * offersPerEvent + place),
  )
  return { type: event.type, offers: { offers } }
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const ownIds = /^(task|executor)_?id$/i

/** A copy with ids, hosts and times of its own, by the names and forms of the fields. */
function vary(value: unknown, name: string, number: number): unknown {
  if (Array.isArray(value)) return value.map((item) => vary(item, name, number))
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, member]) => [
      key,
      ownIds.test(name) ? `${String(member)}-${number}` : vary(member, key, number),
    ])
    return Object.fromEntries(entries) as unknown
  }
  if (name === 'timestamp') return Number(value) + number / 1000
  return typeof value === 'string' ? varyText(value, name, number) : value
}

function varyText(text: string, name: string, number: number): string {
  if (name === 'uuid') return hashOf(text, number).toString('base64')
  if (uuidPattern.test(text)) {
    const hex = hashOf(text, number).toString('hex')
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  }
  const agent = number % agents
  return text
    .replace(/-S\d+$/, `-S${agent}`)
    .replace(/-O\d+$/, `-O${number}`)
    .replace('127.0.0.1', `10.20.${agent >> 8}.${agent & 255}`)
}

function hashOf(text: string, number: number): Buffer {
  return createHash('md5').update(`${text} ${number}`).digest()
}
