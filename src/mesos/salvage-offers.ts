import protobuf from 'protobufjs/minimal.js'
import type { MediaType } from './codec.ts'

type Reader = protobuf.Reader

/**
 * Reads the ids of offers in an OFFERS event that cannot be decoded, so that a scheduler can
 * decline them: otherwise their resources are offered to no framework. Empty for other events.
 * Never throws.
 */
export function salvageOfferIds(record: Uint8Array, mediaType: MediaType): readonly string[] {
  const ids: string[] = []
  try {
    if (mediaType === 'application/json') readJson(record, ids)
    else readEvent(record, ids)
  } catch {
    // Ids before the fault are complete.
  }
  return ids.filter((id) => id !== '')
}

interface LooseEvent {
  readonly type?: unknown
  readonly offers?: { readonly offers?: unknown }
}

function readJson(record: Uint8Array, ids: string[]): void {
  const event = JSON.parse(Buffer.from(record).toString()) as LooseEvent | null
  const offers = event?.type === 'OFFERS' ? event.offers?.offers : undefined
  if (!Array.isArray(offers)) return
  for (const offer of offers as readonly ({
    readonly id?: { readonly value?: unknown }
  } | null)[]) {
    const id = offer?.id?.value
    if (typeof id === 'string') ids.push(id)
  }
}

/**
 * `Event.offers` is field 3, `Offers.offers`, `Offer.id` and `OfferID.value` are field 1:
 * scheduler.proto, mesos.proto.
 */
function readEvent(record: Uint8Array, ids: string[]): void {
  const reader = protobuf.Reader.create(Buffer.from(record))
  within(reader, reader.len, 3, (offersEnd) =>
    within(reader, offersEnd, 1, (offerEnd) =>
      within(reader, offerEnd, 1, (idEnd) =>
        within(reader, idEnd, 1, (textEnd) => {
          ids.push(Buffer.from(reader.buf.subarray(reader.pos, textEnd)).toString())
        }),
      ),
    ),
  )
}

/**
 * Visits the fields of this number up to `end`, each with its own end; continues after it in any
 * case.
 */
function within(reader: Reader, end: number, id: number, visit: (end: number) => void): void {
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag !== ((id << 3) | 2)) {
      reader.skipType(tag & 7)
      continue
    }
    const fieldEnd = reader.uint32() + reader.pos
    if (fieldEnd > end) throw new RangeError('field longer than its message')
    try {
      visit(fieldEnd)
    } catch {
      // An unreadable offer does not hide the others.
    }
    reader.pos = fieldEnd
  }
}
